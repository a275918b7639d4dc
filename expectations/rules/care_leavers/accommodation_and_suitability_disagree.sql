select
    clea_table_id as record_key,
    clea_person_id as child_id
from ssd_care_leavers
where
    clea_care_leaver_accommodation[2] in ('1', '2')
    and clea_care_leaver_accommodation[2] <> clea_care_leaver_accom_suitable
