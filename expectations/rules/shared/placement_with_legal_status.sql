-- Placements with the legal status of their first day.
select
    placements.*,
    statuses.legal_status_code
from ssd_cla_placement as placements
left join legal_status_in_force as statuses
    on
        placements.clap_person_id = statuses.lega_person_id
        and placements.clap_cla_placement_start_date >= statuses.valid_from
        and placements.clap_cla_placement_start_date < statuses.valid_to
