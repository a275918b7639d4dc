with statuses as (
    select *
    from legal_status_spell
    where is_looked_after
),

episodes as (
    select
        clae_cla_episode_id,
        clae_person_id,
        clae_cla_episode_start_date,
        clae_cla_episode_start_reason,
        clae_cla_placement_id,
        lag(clae_cla_placement_id) over child_in_time as previous_placement_id,
        lag(clae_cla_episode_ceased_date) over child_in_time as previous_ceased_date
    from ssd_cla_episodes
    where clae_cla_episode_start_date is not null
    window child_in_time as (
        partition by clae_person_id
        order by clae_cla_episode_start_date, clae_cla_episode_ceased_date, clae_cla_episode_id
    )
),

continuing as (
    select *
    from episodes
    where
        clae_cla_episode_start_reason in ('L', 'P', 'T', 'B', 'U')
        and previous_ceased_date = clae_cla_episode_start_date
),

-- the newest status of the day, and that of the day before
continuing_by_status as (
    select
        continuing.clae_cla_episode_id,
        continuing.clae_person_id,
        continuing.clae_cla_episode_start_reason,
        continuing.clae_cla_placement_id,
        continuing.previous_placement_id,
        max_by(statuses.legal_status_code, statuses.precedence) filter (
            where
                statuses.lega_legal_status_start_date <= continuing.clae_cla_episode_start_date
                and statuses.first_day_after > continuing.clae_cla_episode_start_date
        ) as status,
        max_by(statuses.legal_status_code, statuses.precedence) filter (
            where
                statuses.lega_legal_status_start_date < continuing.clae_cla_episode_start_date
                and statuses.first_day_after >= continuing.clae_cla_episode_start_date
        ) as previous_status
    from continuing
    inner join statuses
        on continuing.clae_person_id = statuses.lega_person_id
    group by all
)

-- where one side is not known nothing can be said
select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from continuing_by_status
where
    (clae_cla_episode_start_reason in ('L', 'B', 'U')) <> (status <> previous_status)
    or (clae_cla_episode_start_reason in ('P', 'T', 'B', 'U')) <> (clae_cla_placement_id <> previous_placement_id)
