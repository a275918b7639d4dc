select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join ssd_cla_placement as placements
    on episodes.clae_cla_placement_id = placements.clap_cla_placement_id
where
    episodes.clae_cla_episode_ceased_reason <> 'X1'
    and is_temporary(placements.clap_cla_placement_type)
