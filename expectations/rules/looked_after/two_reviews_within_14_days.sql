with held as (
    select
        *,
        lag(clar_cla_review_date) over (
            partition by clae_person_id
            order by clar_cla_review_date, clar_cla_review_id
        ) as previous_review_date
    from review_of_child
    where
        clae_person_id is not null
        and clar_cla_review_date is not null
        and not is_cancelled
)

select
    clar_cla_review_id as record_key,
    clae_person_id as child_id
from held
where date_diff('day', previous_review_date, clar_cla_review_date) <= 14
