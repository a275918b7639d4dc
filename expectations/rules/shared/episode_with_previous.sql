-- Episodes of care with what the child's previous episode says.
select
    *,
    lag(clae_cla_episode_ceased_date) over child_in_time as previous_ceased_date,
    lag(clae_cla_episode_ceased_reason) over child_in_time as previous_ceased_reason,
    lag(clae_cla_primary_need_code) over child_in_time as previous_need_code,
    lag(clae_cla_placement_id) over child_in_time as previous_placement_id
from ssd_cla_episodes
where clae_cla_episode_start_date is not null
window child_in_time as (
    partition by clae_person_id
    order by clae_cla_episode_start_date, clae_cla_episode_ceased_date, clae_cla_episode_id
)
