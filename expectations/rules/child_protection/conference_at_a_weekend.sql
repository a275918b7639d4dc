select
    conferences.icpc_icpc_id as record_key,
    conferences.icpc_person_id as child_id
from ssd_initial_cp_conference as conferences
cross join this_drop
where
    isodow(conferences.icpc_icpc_date) in (6, 7)
    and conferences.icpc_icpc_date >= this_drop.oldest_day_judged
