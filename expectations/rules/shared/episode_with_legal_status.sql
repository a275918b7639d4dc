-- Episodes of care with the legal status of their first day.
select
    episodes.*,
    statuses.legal_status_code
from ssd_cla_episodes as episodes
left join legal_status_in_force as statuses
    on
        episodes.clae_person_id = statuses.lega_person_id
        and episodes.clae_cla_episode_start_date >= statuses.valid_from
        and episodes.clae_cla_episode_start_date < statuses.valid_to
