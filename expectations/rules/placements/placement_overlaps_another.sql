select distinct
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
inner join ssd_cla_placement as earlier
    on
        placements.clap_person_id = earlier.clap_person_id
        -- if two begin on the same day, the one with the higher id fails
        and (placements.clap_cla_placement_start_date, placements.clap_cla_placement_id)
        > (earlier.clap_cla_placement_start_date, earlier.clap_cla_placement_id)
        and placements.clap_cla_placement_start_date
        < coalesce(earlier.clap_cla_placement_end_date, date '9999-12-31')
where
    not coalesce(is_temporary(placements.clap_cla_placement_type), false)
    and not coalesce(is_temporary(earlier.clap_cla_placement_type), false)
