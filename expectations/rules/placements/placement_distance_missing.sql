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
    left join statuses
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
    coalesce(clap_cla_placement_distance not between 0 and 999.9, true)
    -- short breaks and unaccompanied children have none
    and coalesce(status, '') not in ('V3', 'V4')
    and clap_person_id not in (
        select immi_person_id
        from ssd_immigration_status
        where immi_immigration_status = 'UASC'
    )
