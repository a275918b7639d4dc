select
    assessments.cina_assessment_id as record_key,
    assessments.cina_person_id as child_id
from ssd_cin_assessments as assessments
inner join ssd_cin_episodes as referrals
    on assessments.cina_referral_id = referrals.cine_referral_id
where assessments.cina_person_id != referrals.cine_person_id
