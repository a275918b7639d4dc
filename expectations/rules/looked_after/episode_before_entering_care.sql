select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from ssd_cla_episodes
where clae_cla_episode_start_date < clae_entered_care_date
