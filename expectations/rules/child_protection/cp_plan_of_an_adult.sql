select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
inner join ssd_person as people
    on plans.cppl_person_id = people.pers_person_id
cross join this_drop
where
    is_open_on(plans.cppl_cp_plan_start_date, plans.cppl_cp_plan_end_date, this_drop.month_end)
    and age_at(people.pers_dob, this_drop.month_end) >= 18
