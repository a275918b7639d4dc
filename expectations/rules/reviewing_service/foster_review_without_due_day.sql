-- Neither the list nor an earlier review of the carers nor their approval says when the review was due.
select
    reviews.review_id as record_key,
    cast(null as varchar) as child_id
from local_foster_review as reviews
where
    reviews.held_date is not null
    and reviews.due_date is null
    and reviews.approved_date is null
    and not exists (
        select 1
        from local_foster_review as earlier
        where
            earlier.carer_id = reviews.carer_id
            and earlier.held_date < reviews.held_date
    )
