-- Periods of care of a child that have ended. After X1 care continues; a missing next episode is the subject of another
-- rule.
select
    clae_cla_id,
    clae_person_id,
    min(clae_cla_episode_start_date) as first_day,
    max(clae_cla_episode_ceased_date) as first_day_after
from ssd_cla_episodes
group by clae_cla_id, clae_person_id
having
    count(*) = count(clae_cla_episode_ceased_date)
    and max_by(coalesce(clae_cla_episode_ceased_reason, ''), clae_cla_episode_ceased_date) <> 'X1'
