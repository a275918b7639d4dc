select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
where
    exists (
        select 1
        from ssd_cp_plans as others
        where
            others.cppl_person_id = plans.cppl_person_id
            and others.cppl_cp_plan_start_date < plans.cppl_cp_plan_start_date
            and others.cppl_cp_plan_end_date = plans.cppl_cp_plan_start_date
    )
