with short_breaks_only as (
    select lega_person_id
    from legal_status_spell
    where is_looked_after
    group by lega_person_id
    having bool_and(is_short_break)
)

select
    clar_cla_review_id as record_key,
    clae_person_id as child_id
from review_of_child
where
    clar_cla_review_date is not null
    and not is_cancelled
    and clae_person_id in (select lega_person_id from short_breaks_only)
