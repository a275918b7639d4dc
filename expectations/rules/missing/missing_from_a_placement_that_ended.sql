select distinct
    missing.miss_table_id as record_key,
    missing.miss_person_id as child_id
from ssd_missing as missing
inner join ssd_cla_placement as placements
    on
        missing.miss_person_id = placements.clap_person_id
        and missing.miss_missing_episode_start_date >= placements.clap_cla_placement_start_date
        -- open placements have no end to compare with
        and missing.miss_missing_episode_start_date < placements.clap_cla_placement_end_date
where missing.miss_missing_episode_end_date is null
