-- Episodes of care that are open at the month's end, with the child's age on that day.
select
    episodes.*,
    age_at(people.pers_dob, this_drop.month_end) as age
from ssd_cla_episodes as episodes
left join ssd_person as people
    on episodes.clae_person_id = people.pers_person_id
cross join this_drop
where is_open_on(episodes.clae_cla_episode_start_date, episodes.clae_cla_episode_ceased_date, this_drop.month_end)
