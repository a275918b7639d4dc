with open_placements as (
    select placements.clap_person_id
    from ssd_cla_placement as placements
    cross join this_drop
    where is_open_on(
        placements.clap_cla_placement_start_date, placements.clap_cla_placement_end_date, this_drop.month_end
    )
)

select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from open_episode
where
    age < 18
    and clae_person_id not in (select clap_person_id from open_placements)
