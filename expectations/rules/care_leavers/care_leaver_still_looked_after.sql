select
    clea_table_id as record_key,
    clea_person_id as child_id
from care_leaver_with_age
where
    clea_care_leaver_eligibility in ('Relevant', 'Former Relevant', 'Qualifying')
    and age < 18
    and clea_person_id in (select clae_person_id from open_episode)
