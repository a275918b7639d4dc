with looked_after as (
    select episodes.clae_person_id
    from open_episode as episodes
    cross join this_drop
    left join legal_status_in_force as statuses
        on
            episodes.clae_person_id = statuses.lega_person_id
            and this_drop.month_end >= statuses.valid_from
            and this_drop.month_end < statuses.valid_to
    where
        episodes.age < 18
        -- short breaks are given under a child in need plan
        and not coalesce(statuses.is_short_break, false)
)

select
    plans.cinp_cin_plan_id as record_key,
    plans.cinp_person_id as child_id
from ssd_cin_plans as plans
cross join this_drop
where
    is_open_on(plans.cinp_cin_plan_start_date, plans.cinp_cin_plan_end_date, this_drop.month_end)
    and plans.cinp_person_id in (select clae_person_id from looked_after)
