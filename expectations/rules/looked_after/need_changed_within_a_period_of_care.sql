select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from episode_with_previous
where
    clae_cla_episode_start_reason <> 'S'
    and clae_cla_primary_need_code <> previous_need_code
