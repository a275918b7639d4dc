select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join ssd_person as people
    on episodes.clae_person_id = people.pers_person_id
cross join this_drop
where
    episodes.clae_cla_episode_ceased_date is null
    and age_at(people.pers_dob, this_drop.month_end) >= 18
