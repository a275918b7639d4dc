with ended as (
    select
        clae_cla_id,
        clae_person_id
    from ssd_cla_episodes
    group by clae_cla_id, clae_person_id
    having
        count(*) = count(clae_cla_episode_ceased_date)
        -- care goes on after X1, whose next episode is another rule's
        and max_by(coalesce(clae_cla_episode_ceased_reason, ''), clae_cla_episode_ceased_date) <> 'X1'
)

select
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
inner join ended
    on
        placements.clap_cla_id = ended.clae_cla_id
        and placements.clap_person_id = ended.clae_person_id
where placements.clap_cla_placement_end_date is null
