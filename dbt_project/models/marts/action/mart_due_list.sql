{% set days_ahead = 60 %}
{% set areas = ['authority', 'team'] %}

with items as (
    select *
    from {{ ref('ind_due_item') }}
    where item <> 'contact'
),

figures as (
    select *
    from {{ ref('fct_indicator_value') }}
    where basis = 'as_reported'
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

-- a review of a looked-after child decides two figures: the percentage while that can still be lost, then the count
ranked as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, child_id, item, event_id
            order by
                case
                    when not is_at_stake then 2
                    when indicator_id = 'cla_reviews_overdue' then 1
                    else 0
                end asc
        ) as precedence
    from items
),

due as (
    select
        *,
        coalesce(overdue_from <= extract_month, false) as is_overdue,
        last_day(case when overdue_from > extract_month then overdue_from else extract_month end) as fails_from_month
    from ranked
    where
        precedence = 1
        and (
            due_date is null
            or due_date <= {{ add_days('extract_month', days_ahead) }}
        )
),

final as (
    select
        due.la_code,
        due.extract_month,
        due.team_name,
        due.locality_name,
        due.child_id,
        due.worker_id,
        due.item,
        due.event_id,
        due.last_done_date,
        due.due_date,
        cast({{ dbt.datediff('due.extract_month', 'due.due_date', 'day') }} as integer) as days_until_due,
        due.is_overdue,
        due.indicator_id,
        case when due.indicator_id is not null then due.fails_from_month end as would_fail_month,
        {% for area in areas %}
        cast(
            case
                when not due.is_at_stake then null
                when register.unit = 'number' then 1
                -- a child who does not count yet will count then
                else
                    -100.0 / (
                        coalesce({{ area }}_figures.denominator, 0)
                        + case when due.is_in_denominator then 0 else 1 end
                    )
            end as double
        ) as effect_on_{{ area }},
        {% endfor %}
        case
            when due.indicator_id is null then null
            when register.unit = 'number' then due.is_in_numerator
            else due.is_in_denominator and not due.is_in_numerator
        end as is_failing_now
    from due
    left join register
        on due.indicator_id = register.indicator_id
    {% for area in areas %}
    left join figures as {{ area }}_figures
        on
            due.la_code = {{ area }}_figures.la_code
            and due.extract_month = {{ area }}_figures.extract_month
            and due.indicator_id = {{ area }}_figures.indicator_id
            and {{ area }}_figures.area_type = '{{ area }}'
            {% if area == 'team' %}and due.team_name = team_figures.area_name{% endif %}
    {% endfor %}
)

select *
from final
order by due_date asc nulls first, la_code asc, item asc, child_id asc
