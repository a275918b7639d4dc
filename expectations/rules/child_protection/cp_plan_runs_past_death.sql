select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
inner join ssd_person as people
    on plans.cppl_person_id = people.pers_person_id
where
    people.pers_death_date is not null
    and (
        plans.cppl_cp_plan_start_date > people.pers_death_date
        or plans.cppl_cp_plan_end_date > people.pers_death_date
        or plans.cppl_cp_plan_end_date is null
    )
