select
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
where
    placements.clap_cla_placement_change_reason is not null
    and (
        placements.clap_cla_placement_end_date is null
        or is_temporary(placements.clap_cla_placement_type)
        or not exists (
            select 1
            from ssd_cla_placement as next_ones
            where
                next_ones.clap_person_id = placements.clap_person_id
                and next_ones.clap_cla_placement_id <> placements.clap_cla_placement_id
                and next_ones.clap_cla_placement_start_date = placements.clap_cla_placement_end_date
                -- after a temporary placement the child returns: it is not a move
                and not coalesce(is_temporary(next_ones.clap_cla_placement_type), false)
        )
    )
