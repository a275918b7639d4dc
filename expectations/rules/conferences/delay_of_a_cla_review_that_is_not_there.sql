select
    concat_ws('|', delays.review_type, delays.review_id) as record_key,
    cast(null as varchar) as child_id
from local_review_delay as delays
where
    delays.review_type = 'cla_review'
    and not exists (
        select 1
        from ssd_cla_reviews as reviews
        where reviews.clar_cla_review_id = delays.review_id
    )
