select
    clap_cla_placement_id as record_key,
    clap_person_id as child_id
from ssd_cla_placement
where
    clap_cla_placement_distance <> 999.9
    and clap_person_id in (
        select immi_person_id
        from ssd_immigration_status
        where immi_immigration_status = 'UASC'
    )
