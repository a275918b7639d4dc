select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
cross join this_drop
where
    plans.cppl_cp_plan_start_date >= this_drop.oldest_day_judged
    -- another authority decided on its plan
    and plans.cppl_cp_plan_ola is distinct from 'Y'
    and plans.cppl_icpc_id is null
    and not exists (
        select 1
        from ssd_initial_cp_conference as conferences
        where conferences.icpc_cp_plan_id = plans.cppl_cp_plan_id
    )
