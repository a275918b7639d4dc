select
    concat_ws('|', delays.review_type, delays.review_id) as record_key,
    cast(null as varchar) as child_id
from local_review_delay as delays
where
    (
        delays.review_type = 'cp_review'
        and not exists (
            select 1
            from ssd_cp_reviews as reviews
            where reviews.cppr_cp_review_id = delays.review_id
        )
    )
    or (
        delays.review_type = 'icpc'
        and not exists (
            select 1
            from ssd_initial_cp_conference as conferences
            where conferences.icpc_icpc_id = delays.review_id
        )
    )
