select
    clar_cla_review_id as record_key,
    clae_person_id as child_id
from review_of_child
where clar_cla_review_due_date < first_day
