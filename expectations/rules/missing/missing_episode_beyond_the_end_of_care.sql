select distinct
    missing.miss_table_id as record_key,
    missing.miss_person_id as child_id
from ssd_missing as missing
inner join ended_period_of_care as ended
    on
        missing.miss_person_id = ended.clae_person_id
        and missing.miss_missing_episode_start_date >= ended.first_day
        and missing.miss_missing_episode_start_date < ended.first_day_after
where coalesce(missing.miss_missing_episode_end_date > ended.first_day_after, true)
