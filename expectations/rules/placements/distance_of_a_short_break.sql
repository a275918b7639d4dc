with statuses as (
    select *
    from legal_status_spell
    where is_looked_after
),

-- the newest status of the placement's first day
placements as (
    select
        placements.clap_cla_placement_id,
        placements.clap_person_id,
        placements.clap_cla_placement_type,
        placements.clap_cla_placement_distance,
        max_by(statuses.legal_status_code, statuses.precedence) as status
    from ssd_cla_placement as placements
    inner join statuses
        on
            placements.clap_person_id = statuses.lega_person_id
            and placements.clap_cla_placement_start_date >= statuses.lega_legal_status_start_date
            and placements.clap_cla_placement_start_date < statuses.first_day_after
    group by all
)

select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from placements
where
    clap_cla_placement_distance <> 999.9
    and status in ('V3', 'V4')
