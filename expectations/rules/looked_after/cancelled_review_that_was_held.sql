select
    clar_cla_review_id as record_key,
    clae_person_id as child_id
from review_of_child
where
    is_cancelled
    and clar_cla_review_date is not null
    and clar_cla_review_participation is not null
