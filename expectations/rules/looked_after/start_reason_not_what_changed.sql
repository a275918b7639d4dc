-- the legal status of the episode's first day, and that of the day before
with continuing as (
    select
        episodes.*,
        statuses.legal_status_code as status,
        previous.legal_status_code as previous_status
    from episode_with_previous as episodes
    left join legal_status_in_force as statuses
        on
            episodes.clae_person_id = statuses.lega_person_id
            and episodes.clae_cla_episode_start_date >= statuses.valid_from
            and episodes.clae_cla_episode_start_date < statuses.valid_to
    left join legal_status_in_force as previous
        on
            episodes.clae_person_id = previous.lega_person_id
            and episodes.clae_cla_episode_start_date - 1 >= previous.valid_from
            and episodes.clae_cla_episode_start_date - 1 < previous.valid_to
    where
        episodes.clae_cla_episode_start_reason in ('L', 'P', 'T', 'B', 'U')
        and episodes.previous_ceased_date = episodes.clae_cla_episode_start_date
        and episodes.clae_person_id in (select lega_person_id from legal_status_in_force)
)

-- the rule finds nothing if one of the two is unknown
select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from continuing
where
    (clae_cla_episode_start_reason in ('L', 'B', 'U')) <> (status <> previous_status)
    or (clae_cla_episode_start_reason in ('P', 'T', 'B', 'U')) <> (clae_cla_placement_id <> previous_placement_id)
