select
    plans.cinp_cin_plan_id as record_key,
    plans.cinp_person_id as child_id
from ssd_cin_plans as plans
inner join ssd_person as people
    on plans.cinp_person_id = people.pers_person_id
where
    people.pers_death_date is not null
    and (
        plans.cinp_cin_plan_start_date > people.pers_death_date
        or plans.cinp_cin_plan_end_date > people.pers_death_date
        or plans.cinp_cin_plan_end_date is null
    )
