select
    concat_ws('|', post_id, start_date) as record_key,
    cast(null as varchar) as child_id
from local_workforce_post
where
    leaving_reason is not null
    and end_date is null
