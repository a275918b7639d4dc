select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from placement_with_legal_status
where
    clap_cla_placement_distance <> 999.9
    and legal_status_code in ('V3', 'V4')
