select distinct
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join ssd_cla_episodes as later
    on
        episodes.clae_person_id = later.clae_person_id
        and episodes.clae_cla_episode_start_date < later.clae_cla_episode_start_date
where episodes.clae_cla_episode_ceased_date is null
