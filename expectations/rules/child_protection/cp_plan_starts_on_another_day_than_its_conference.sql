select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
inner join ssd_initial_cp_conference as conferences
    on plans.cppl_icpc_id = conferences.icpc_icpc_id
cross join this_drop
where
    plans.cppl_cp_plan_start_date >= this_drop.oldest_day_judged
    -- a plan of another authority keeps its start date
    and plans.cppl_cp_plan_ola is distinct from 'Y'
    and plans.cppl_cp_plan_start_date != conferences.icpc_icpc_date
