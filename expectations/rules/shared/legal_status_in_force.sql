-- One row per child and stretch of days with the same legal status, of those that make a child looked after.
-- `valid_to` is the first day after the stretch.
with spells as (
    select *
    from legal_status_spell
    where
        is_looked_after
        and lega_legal_status_start_date is not null
        and coalesce(lega_legal_status_end_date > lega_legal_status_start_date, true)
),

first_days as (
    select
        lega_person_id,
        lega_legal_status_start_date as valid_from
    from spells
    union
    select
        lega_person_id,
        lega_legal_status_end_date as valid_from
    from spells
    where lega_legal_status_end_date is not null
),

stretches as (
    select
        *,
        lead(valid_from, 1, date '9999-12-31') over (partition by lega_person_id order by valid_from) as valid_to
    from first_days
)

select
    stretches.lega_person_id,
    stretches.valid_from,
    stretches.valid_to,
    max_by(spells.legal_status_code, spells.precedence) as legal_status_code,
    max_by(spells.is_short_break, spells.precedence) as is_short_break
from stretches
inner join spells
    on
        stretches.lega_person_id = spells.lega_person_id
        and is_open_on(
            spells.lega_legal_status_start_date, spells.lega_legal_status_end_date, stretches.valid_from
        )
group by stretches.lega_person_id, stretches.valid_from, stretches.valid_to
