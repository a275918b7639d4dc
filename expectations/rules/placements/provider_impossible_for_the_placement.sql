select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from ssd_cla_placement
where
    case clap_cla_placement_provider
        when 'PR0' then clap_cla_placement_type <> 'P1'
        when 'PR1' then clap_cla_placement_type in ('P1', 'R2', 'R5')
        when 'PR2' then clap_cla_placement_type in ('P1', 'R2', 'R5')
        when 'PR3'
            then clap_cla_placement_type in (
                'P1', 'A3', 'A4', 'A5', 'A6', 'K1', 'K2', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6'
            )
        when 'PR4' then clap_cla_placement_type = 'P1'
        when 'PR5' then clap_cla_placement_type = 'P1'
    end
