select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
inner join ssd_initial_cp_conference as conferences
    on plans.cppl_icpc_id = conferences.icpc_icpc_id
where plans.cppl_person_id != conferences.icpc_person_id
