select
    clea_table_id as record_key,
    clea_person_id as child_id
from ssd_care_leavers
where
    clea_care_leaver_in_touch = 'YES'
    and clea_care_leaver_latest_contact is null
