with ceased as (
    select
        episodes.clae_cla_episode_id,
        episodes.clae_person_id,
        episodes.clae_cla_episode_ceased_reason,
        age_at(people.pers_dob, episodes.clae_cla_episode_ceased_date) as age
    from ssd_cla_episodes as episodes
    inner join ssd_person as people
        on episodes.clae_person_id = people.pers_person_id
)

select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from ceased
where
    (clae_cla_episode_ceased_reason in ('E11', 'E12') and age >= 18)
    or (clae_cla_episode_ceased_reason in ('E43', 'E44', 'E45', 'E46', 'E47', 'E48') and age >= 18)
    or (clae_cla_episode_ceased_reason in ('E5', 'E6') and age < 14)
    or (clae_cla_episode_ceased_reason = 'E7' and age < 16)
    or (clae_cla_episode_ceased_reason = 'E17' and age < 18)
