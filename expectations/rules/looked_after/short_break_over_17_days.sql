with statuses as (
    select *
    from legal_status_spell
    where is_looked_after
),

-- the newest status of the episode's first day
episodes as (
    select
        episodes.clae_cla_episode_id,
        episodes.clae_person_id,
        episodes.clae_cla_episode_start_date,
        episodes.clae_cla_episode_ceased_date,
        max_by(statuses.legal_status_code, statuses.precedence) as status
    from ssd_cla_episodes as episodes
    inner join statuses
        on
            episodes.clae_person_id = statuses.lega_person_id
            and episodes.clae_cla_episode_start_date >= statuses.lega_legal_status_start_date
            and episodes.clae_cla_episode_start_date < statuses.first_day_after
    group by all
)

select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from episodes
cross join this_drop
where
    episodes.status = 'V3'
    and date_diff(
        'day',
        episodes.clae_cla_episode_start_date,
        coalesce(episodes.clae_cla_episode_ceased_date, this_drop.month_end + 1)
    ) > 17
