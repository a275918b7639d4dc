with shared as (
    select clae_cla_id
    from ssd_cla_episodes
    group by clae_cla_id
    having count(distinct clae_person_id) > 1
)

select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join shared
    on episodes.clae_cla_id = shared.clae_cla_id
