select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from ssd_cla_placement
where
    clap_cla_placement_provider is not null
    -- which providers the newer types of other placements may have is not published
    and clap_cla_placement_type in ('T0', 'T1', 'T2', 'T3', 'T4', 'Z1')
