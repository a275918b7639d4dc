select
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
where
    placements.clap_cla_placement_type in ('A3', 'A4', 'A5', 'A6')
    and not exists (
        select 1
        from ssd_permanence as permanence
        where
            permanence.perm_person_id = placements.clap_person_id
            and permanence.perm_adm_decision_date is not null
    )
