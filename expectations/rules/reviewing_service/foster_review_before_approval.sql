select
    review_id as record_key,
    cast(null as varchar) as child_id
from local_foster_review
where held_date < approved_date
