select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join ssd_person as people
    on episodes.clae_person_id = people.pers_person_id
where
    episodes.clae_cla_episode_start_reason = 'S'
    and age_at(people.pers_dob, episodes.clae_cla_episode_start_date) >= 18
