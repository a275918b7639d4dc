select
    concat_ws('|', post_id, start_date) as record_key,
    cast(null as varchar) as child_id
from local_workforce_post
cross join this_drop
where
    coalesce(fte, 0) <= 0
    and is_open_on(start_date, end_date, this_drop.month_end)
