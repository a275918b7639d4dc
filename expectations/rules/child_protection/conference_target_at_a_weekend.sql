select
    icpc_icpc_id as record_key,
    icpc_person_id as child_id
from ssd_initial_cp_conference
where isodow(icpc_icpc_target_date) in (6, 7)
