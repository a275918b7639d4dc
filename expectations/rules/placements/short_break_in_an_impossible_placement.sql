select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from episode_with_legal_status as episodes
inner join ssd_cla_placement as placements
    on episodes.clae_cla_placement_id = placements.clap_cla_placement_id
where
    episodes.legal_status_code in ('V3', 'V4')
    and placements.clap_cla_placement_type in ('T0', 'T1', 'T2', 'T3', 'T4', 'U1', 'U4')
