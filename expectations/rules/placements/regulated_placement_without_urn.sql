select
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
cross join this_drop
where
    placements.clap_cla_placement_urn is null
    and placements.clap_cla_placement_type in (
        'A3', 'A4', 'A5', 'A6', 'K1', 'K2', 'K3', 'R3', 'S1', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6'
    )
    -- placements of earlier years were reported already
    and coalesce(placements.clap_cla_placement_end_date >= this_drop.financial_year_start, true)
