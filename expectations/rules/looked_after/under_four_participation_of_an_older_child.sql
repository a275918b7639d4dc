select
    reviews.clar_cla_review_id as record_key,
    reviews.clae_person_id as child_id
from review_of_child as reviews
inner join ssd_person as people
    on reviews.clae_person_id = people.pers_person_id
where
    not reviews.is_cancelled
    and reviews.clar_cla_review_participation = 'PN0'
    and age_at(people.pers_dob, reviews.clar_cla_review_date) >= 4
