select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from ssd_cla_placement
where
    clap_cla_placement_provider is null
    and clap_cla_placement_type not in ('T0', 'T1', 'T2', 'T3', 'T4', 'Z1', 'Z11', 'Z12', 'Z13', 'Z14')
