with periods as (
    select
        clae_person_id,
        clae_cla_episode_start_date,
        coalesce(clae_cla_episode_ceased_date, date '9999-12-31') as first_day_after
    from ssd_cla_episodes
)

select
    missing.miss_table_id as record_key,
    missing.miss_person_id as child_id
from ssd_missing as missing
inner join periods
    on
        missing.miss_person_id = periods.clae_person_id
        and missing.miss_missing_episode_start_date >= periods.clae_cla_episode_start_date
group by missing.miss_table_id, missing.miss_person_id, missing.miss_missing_episode_start_date
having max(periods.first_day_after) <= missing.miss_missing_episode_start_date
