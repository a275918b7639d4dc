select
    miss_table_id as record_key,
    miss_person_id as child_id
from ssd_missing
where miss_missing_episode_start_date is null
