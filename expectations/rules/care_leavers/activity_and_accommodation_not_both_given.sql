select
    clea_table_id as record_key,
    clea_person_id as child_id
from ssd_care_leavers
where (clea_care_leaver_activity is null) <> (clea_care_leaver_accommodation is null)
