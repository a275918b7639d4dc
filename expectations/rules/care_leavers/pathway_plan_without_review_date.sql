select
    clea_table_id as record_key,
    clea_person_id as child_id
from ssd_care_leavers
where
    clea_care_leaver_eligibility in ('Eligible', 'Relevant', 'Former Relevant', 'Qualifying')
    and coalesce(clea_care_leaver_in_touch, '') not in ('DIED', 'RHOM')
    and clea_pathway_plan_review_date is null
