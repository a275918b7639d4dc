with open_placements as (
    select placements.clap_person_id
    from ssd_cla_placement as placements
    cross join this_drop
    where
        placements.clap_cla_placement_start_date <= this_drop.month_end
        and coalesce(placements.clap_cla_placement_end_date > this_drop.month_end, true)
)

select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join ssd_person as people
    on episodes.clae_person_id = people.pers_person_id
cross join this_drop
where
    episodes.clae_cla_episode_start_date <= this_drop.month_end
    and coalesce(episodes.clae_cla_episode_ceased_date > this_drop.month_end, true)
    and age_at(people.pers_dob, this_drop.month_end) < 18
    and episodes.clae_person_id not in (select clap_person_id from open_placements)
