select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from placement_with_legal_status
where
    coalesce(clap_cla_placement_distance not between 0 and 999.9, true)
    -- short breaks and unaccompanied children have no distance
    and coalesce(legal_status_code, '') not in ('V3', 'V4')
    and clap_person_id not in (
        select immi_person_id
        from ssd_immigration_status
        where immi_immigration_status = 'UASC'
    )
