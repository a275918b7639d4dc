with looked_after as (
    select distinct episodes.clae_person_id
    from ssd_cla_episodes as episodes
    inner join ssd_person as people
        on episodes.clae_person_id = people.pers_person_id
    cross join this_drop
    where
        episodes.clae_cla_episode_start_date <= this_drop.month_end
        and (
            episodes.clae_cla_episode_ceased_date is null
            or episodes.clae_cla_episode_ceased_date > this_drop.month_end
        )
        and age_at(people.pers_dob, this_drop.month_end) < 18
),

statuses as (
    select
        statuses.lega_person_id,
        max_by(statuses.is_short_break, statuses.precedence) as is_short_break
    from legal_status_spell as statuses
    cross join this_drop
    where
        statuses.is_looked_after
        and statuses.lega_legal_status_start_date <= this_drop.month_end
        and statuses.first_day_after > this_drop.month_end
    group by statuses.lega_person_id
)

select
    plans.cinp_cin_plan_id as record_key,
    plans.cinp_person_id as child_id
from ssd_cin_plans as plans
inner join looked_after
    on plans.cinp_person_id = looked_after.clae_person_id
left join statuses
    on plans.cinp_person_id = statuses.lega_person_id
cross join this_drop
where
    plans.cinp_cin_plan_start_date <= this_drop.month_end
    and (plans.cinp_cin_plan_end_date is null or plans.cinp_cin_plan_end_date > this_drop.month_end)
    -- short breaks are given under a child in need plan
    and not coalesce(statuses.is_short_break, false)
