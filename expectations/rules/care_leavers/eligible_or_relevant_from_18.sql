select
    clea_table_id as record_key,
    clea_person_id as child_id
from care_leaver_with_age
where
    clea_care_leaver_eligibility in ('Eligible', 'Relevant')
    and age >= 18
