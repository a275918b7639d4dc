select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
cross join this_drop
where
    is_open_on(plans.cppl_cp_plan_start_date, plans.cppl_cp_plan_end_date, this_drop.month_end)
    -- another authority works on its plan
    and plans.cppl_cp_plan_ola is distinct from 'Y'
    and plans.cppl_person_id not in (
        select invo_person_id
        from open_case_worker
        where invo_professional_id is not null
    )
