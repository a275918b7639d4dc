select
    plans.cinp_cin_plan_id as record_key,
    plans.cinp_person_id as child_id
from ssd_cin_plans as plans
where
    exists (
        select 1
        from ssd_cp_plans as cp_plans
        where
            cp_plans.cppl_person_id = plans.cinp_person_id
            and (
                cp_plans.cppl_cp_plan_end_date is null
                or cp_plans.cppl_cp_plan_end_date > plans.cinp_cin_plan_start_date
            )
            and (
                plans.cinp_cin_plan_end_date is null
                or plans.cinp_cin_plan_end_date > cp_plans.cppl_cp_plan_start_date
            )
            and cp_plans.cppl_cp_plan_start_date is not null
            and plans.cinp_cin_plan_start_date is not null
    )
