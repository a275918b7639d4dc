select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
cross join this_drop
where
    plans.cppl_cp_plan_start_date <= this_drop.month_end
    and (plans.cppl_cp_plan_end_date is null or plans.cppl_cp_plan_end_date > this_drop.month_end)
    -- another authority's plan is worked there
    and plans.cppl_cp_plan_ola is distinct from 'Y'
    and not exists (
        select 1
        from ssd_involvements as involvements
        where
            involvements.invo_person_id = plans.cppl_person_id
            and involvements.invo_professional_role_id = 'CW'
            and involvements.invo_professional_id is not null
            and involvements.invo_involvement_start_date <= this_drop.month_end
            and (
                involvements.invo_involvement_end_date is null
                or involvements.invo_involvement_end_date > this_drop.month_end
            )
    )
