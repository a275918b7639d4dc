select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from ssd_cla_placement
where
    clap_cla_placement_urn <> 'XXXXXXX'
    and clap_cla_placement_type in ('P1', 'P2', 'P3', 'R1', 'R2', 'R5', 'T0', 'T1', 'T2', 'T3', 'T4', 'Z1')
