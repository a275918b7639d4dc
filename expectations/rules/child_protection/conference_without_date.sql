select
    conferences.icpc_icpc_id as record_key,
    conferences.icpc_person_id as child_id
from ssd_initial_cp_conference as conferences
cross join this_drop
where
    conferences.icpc_icpc_date is null
    -- before its due date it may still be planned
    and (
        conferences.icpc_icpc_target_date is null
        or conferences.icpc_icpc_target_date <= this_drop.month_end
    )
