select
    clar_cla_review_id as record_key,
    clae_person_id as child_id
from review_of_child
where
    not is_cancelled
    -- a review on the day on which the child left belongs to the period
    and clar_cla_review_date > first_day_after
