select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
where
    episodes.clae_cla_episode_ceased_reason = 'X1'
    and episodes.clae_cla_episode_ceased_date is not null
    and not exists (
        select 1
        from ssd_cla_episodes as next_ones
        where
            next_ones.clae_person_id = episodes.clae_person_id
            and next_ones.clae_cla_episode_start_date = episodes.clae_cla_episode_ceased_date
            and next_ones.clae_cla_episode_id <> episodes.clae_cla_episode_id
    )
