select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from episode_with_legal_status as episodes
cross join this_drop
where
    episodes.legal_status_code = 'V3'
    and date_diff(
        'day',
        episodes.clae_cla_episode_start_date,
        coalesce(episodes.clae_cla_episode_ceased_date, this_drop.month_end + 1)
    ) > 17
