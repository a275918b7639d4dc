select
    missing.miss_table_id as record_key,
    missing.miss_person_id as child_id
from ssd_missing as missing
inner join ssd_person as people
    on missing.miss_person_id = people.pers_person_id
where missing.miss_missing_episode_start_date < people.pers_dob
