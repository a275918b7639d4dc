select
    leavers.clea_table_id as record_key,
    leavers.clea_person_id as child_id
from ssd_care_leavers as leavers
cross join this_drop
where
    leavers.clea_care_leaver_in_touch = 'NO'
    and leavers.clea_care_leaver_latest_contact <= this_drop.month_end
    -- a contact counted for three months until June 2019
    and case
        when this_drop.month_end < date '2019-07-01'
            then cast(leavers.clea_care_leaver_latest_contact + interval 3 month as date)
        else cast(leavers.clea_care_leaver_latest_contact + interval 2 month as date)
    end >= this_drop.month_end
