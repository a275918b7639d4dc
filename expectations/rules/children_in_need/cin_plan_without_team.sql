select
    plans.cinp_cin_plan_id as record_key,
    plans.cinp_person_id as child_id
from ssd_cin_plans as plans
cross join this_drop
where
    plans.cinp_cin_plan_team is null
    and is_open_on(plans.cinp_cin_plan_start_date, plans.cinp_cin_plan_end_date, this_drop.month_end)
