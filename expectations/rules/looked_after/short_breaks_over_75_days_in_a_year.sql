with breaks_of_the_year as (
    select
        episodes.clae_cla_episode_id,
        episodes.clae_person_id,
        sum(
            date_diff(
                'day',
                greatest(episodes.clae_cla_episode_start_date, this_drop.financial_year_start),
                coalesce(episodes.clae_cla_episode_ceased_date, this_drop.month_end + 1)
            )
        ) over (partition by episodes.clae_person_id) as days_of_the_child
    from episode_with_legal_status as episodes
    cross join this_drop
    where
        episodes.legal_status_code = 'V3'
        and episodes.clae_cla_episode_start_date <= this_drop.month_end
        and coalesce(episodes.clae_cla_episode_ceased_date > this_drop.financial_year_start, true)
)

select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from breaks_of_the_year
where days_of_the_child > 75
