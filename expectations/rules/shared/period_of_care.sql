-- Periods of care with their child and days. If the episodes name two children, the last episode decides: the latest
-- start, then the latest end (an open episode before all), then the highest id.
with episodes as (
    select
        *,
        id_order(clae_cla_episode_id) as id_sort_key
    from ssd_cla_episodes
)

select
    clae_cla_id,
    first(
        clae_person_id
        order by
            clae_cla_episode_start_date desc nulls last,
            clae_cla_episode_ceased_date desc nulls first,
            id_sort_key desc
    ) as clae_person_id,
    min(coalesce(clae_entered_care_date, clae_cla_episode_start_date)) as first_day,
    max(coalesce(clae_cla_episode_ceased_date, date '9999-12-31')) as first_day_after
from episodes
where clae_cla_id is not null
group by clae_cla_id
