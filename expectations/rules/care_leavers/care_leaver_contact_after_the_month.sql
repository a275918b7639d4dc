select
    leavers.clea_table_id as record_key,
    leavers.clea_person_id as child_id
from ssd_care_leavers as leavers
cross join this_drop
where leavers.clea_care_leaver_latest_contact > this_drop.month_end
