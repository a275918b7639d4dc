with episodes as (
    select
        *,
        lag(clae_cla_episode_ceased_date) over child_in_time as previous_ceased_date
    from ssd_cla_episodes
    where clae_cla_episode_start_date is not null
    window child_in_time as (
        partition by clae_person_id
        order by clae_cla_episode_start_date, clae_cla_episode_ceased_date, clae_cla_episode_id
    )
)

select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from episodes
where
    clae_cla_episode_start_reason in ('L', 'P', 'T', 'B', 'U')
    -- one that begins before the other has ended is an overlap, which ingest flags
    and previous_ceased_date < clae_cla_episode_start_date
