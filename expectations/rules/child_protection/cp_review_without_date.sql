select
    reviews.cppr_cp_review_id as record_key,
    reviews.cppr_person_id as child_id
from ssd_cp_reviews as reviews
cross join this_drop
where
    reviews.cppr_cp_review_date is null
    -- before its due date it may still be planned
    and (reviews.cppr_cp_review_due is null or reviews.cppr_cp_review_due <= this_drop.month_end)
