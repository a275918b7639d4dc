select
    clar_cla_review_id as record_key,
    clae_person_id as child_id
from review_of_child
where
    not is_cancelled
    -- one held on the day on which the child left is the last of the period
    and clar_cla_review_date > first_day_after
