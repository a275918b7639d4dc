select distinct
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join ssd_person as people
    on episodes.clae_person_id = people.pers_person_id
inner join ssd_missing as missing
    on
        episodes.clae_person_id = missing.miss_person_id
        and episodes.clae_cla_episode_ceased_date > missing.miss_missing_episode_start_date
where
    episodes.clae_cla_episode_ceased_reason not in ('X1', 'E8')
    and (
        coalesce(missing.miss_missing_episode_end_date > episodes.clae_cla_episode_ceased_date, true)
        -- at 18 the missing episode ends on the day on which care ends
        or (
            missing.miss_missing_episode_end_date = episodes.clae_cla_episode_ceased_date
            and age_at(people.pers_dob, episodes.clae_cla_episode_ceased_date) >= 18
        )
    )
