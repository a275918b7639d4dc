select
    assessments.cina_assessment_id as record_key,
    assessments.cina_person_id as child_id
from ssd_cin_assessments as assessments
where
    exists (
        select 1
        from ssd_cin_assessments as others
        where
            others.cina_referral_id = assessments.cina_referral_id
            and others.cina_assessment_id != assessments.cina_assessment_id
            and others.cina_assessment_start_date <= assessments.cina_assessment_start_date
            and (
                others.cina_assessment_auth_date is null
                or others.cina_assessment_auth_date > assessments.cina_assessment_start_date
            )
    )
