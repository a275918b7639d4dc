{# One row per child and stretch of days on which the same record is in force: of all records open on a day, the one
   with the latest start, then the highest id. `records` is a relation with la_code, child_id, start_date,
   end_date, id_sort_key and the payload columns. valid_to is the first day that no longer belongs to the
   stretch. #}
{% macro effective_spells(records, payload) %}
with records as (
    select *
    from {{ records }}
    where
        start_date is not null
        and (end_date is null or end_date > start_date)
),

boundaries as (
    select la_code, extract_month, child_id, start_date as valid_from
    from records
    union
    select la_code, extract_month, child_id, end_date as valid_from
    from records
    where end_date is not null
),

stretches as (
    select
        *,
        coalesce(
            lead(valid_from) over (partition by la_code, extract_month, child_id order by valid_from),
            {{ end_of_time() }}
        ) as valid_to
    from boundaries
),

candidates as (
    select
        stretches.*,
        {% for column in payload %}
        records.{{ column }},
        {% endfor %}
        row_number() over (
            partition by stretches.la_code, stretches.extract_month, stretches.child_id, stretches.valid_from
            order by records.start_date desc, records.id_sort_key desc
        ) as precedence
    from stretches
    inner join records
        on
            stretches.la_code = records.la_code
            and stretches.extract_month = records.extract_month
            and stretches.child_id = records.child_id
            and {{ is_open_on('records.start_date', 'records.end_date', 'stretches.valid_from') }}
),

final as (
    select
        la_code,
        extract_month,
        child_id,
        valid_from,
        valid_to,
        {% for column in payload %}
        {{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from candidates
    where precedence = 1
)

select *
from final
{% endmacro %}
