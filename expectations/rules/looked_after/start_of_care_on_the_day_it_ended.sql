select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from episode_with_previous
where
    clae_cla_episode_start_reason = 'S'
    and previous_ceased_date = clae_cla_episode_start_date
