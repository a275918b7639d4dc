select
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
inner join ended_period_of_care as ended
    on
        placements.clap_cla_id = ended.clae_cla_id
        and placements.clap_person_id = ended.clae_person_id
where placements.clap_cla_placement_end_date is null
