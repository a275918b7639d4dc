select
    clea_table_id as record_key,
    clea_person_id as child_id
from ssd_care_leavers
where
    clea_care_leaver_eligibility = 'Eligible'
    and clea_person_id not in (select clae_person_id from open_episode)
