with decisions as (
    select
        perm_person_id,
        -- an earlier decision may have been reversed and made again
        min(perm_adm_decision_date) as first_decision_date
    from ssd_permanence
    group by perm_person_id
)

select
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
inner join decisions
    on placements.clap_person_id = decisions.perm_person_id
where
    placements.clap_cla_placement_type in ('A3', 'A4', 'A5', 'A6')
    and placements.clap_cla_placement_start_date < decisions.first_decision_date
