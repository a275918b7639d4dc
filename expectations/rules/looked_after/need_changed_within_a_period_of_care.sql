with episodes as (
    select
        *,
        lag(clae_cla_primary_need_code) over child_in_time as previous_need
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
    clae_cla_episode_start_reason <> 'S'
    and clae_cla_primary_need_code <> previous_need
