-- The row of a post that begins while another row of the same post has not ended.
select distinct
    concat_ws('|', posts.post_id, posts.start_date) as record_key,
    cast(null as varchar) as child_id
from local_workforce_post as posts
inner join local_workforce_post as others
    on
        posts.post_id = others.post_id
        and posts.start_date > others.start_date
        and is_open_on(others.start_date, others.end_date, posts.start_date)
