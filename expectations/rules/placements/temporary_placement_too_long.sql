select
    placements.clap_cla_placement_id as record_key,
    placements.clap_person_id as child_id
from ssd_cla_placement as placements
cross join this_drop
where
    date_diff(
        'day',
        placements.clap_cla_placement_start_date,
        -- an open placement includes the month end
        coalesce(placements.clap_cla_placement_end_date, this_drop.month_end + 1)
    ) > case placements.clap_cla_placement_type when 'T1' then 42 when 'T3' then 21 when 'T4' then 7 end
