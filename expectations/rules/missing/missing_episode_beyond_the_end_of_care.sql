with ended as (
    select
        clae_cla_id,
        clae_person_id,
        min(clae_cla_episode_start_date) as first_day,
        max(clae_cla_episode_ceased_date) as first_day_after
    from ssd_cla_episodes
    group by clae_cla_id, clae_person_id
    having
        count(*) = count(clae_cla_episode_ceased_date)
        -- care goes on after X1, whose next episode is another rule's
        and max_by(coalesce(clae_cla_episode_ceased_reason, ''), clae_cla_episode_ceased_date) <> 'X1'
)

select distinct
    missing.miss_table_id as record_key,
    missing.miss_person_id as child_id
from ssd_missing as missing
inner join ended
    on
        missing.miss_person_id = ended.clae_person_id
        and missing.miss_missing_episode_start_date >= ended.first_day
        and missing.miss_missing_episode_start_date < ended.first_day_after
where coalesce(missing.miss_missing_episode_end_date > ended.first_day_after, true)
