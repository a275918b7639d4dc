{# Open on a day: the start day belongs to a spell, its end is the first day that no longer does. #}
{% macro is_open_on(start_date, end_date, day) -%}
    ({{ start_date }} <= {{ day }} and ({{ end_date }} is null or {{ end_date }} > {{ day }}))
{%- endmacro %}


{# What stands for the end of a stretch of days that still runs: with it a day is looked up by two plain
   comparisons, which databases join far faster than a comparison that allows for null. #}
{% macro end_of_time() -%}
    date '9999-12-31'
{%- endmacro %}

{% macro is_within(valid_from, valid_to, day) -%}
    {{ valid_from }} <= {{ day }} and {{ valid_to }} > {{ day }}
{%- endmacro %}


{# The same day number so many months later, else the last day of that month: 31 August + 6 = 28 February. #}
{% macro add_months(day, months) -%}
    {{ adapter.dispatch('add_months', 'warehouse')(day, months) }}
{%- endmacro %}

{% macro default__add_months(day, months) -%}
    cast({{ day }} + interval ({{ months }}) month as date)
{%- endmacro %}

{% macro spark__add_months(day, months) -%}
    add_months({{ day }}, {{ months }})
{%- endmacro %}


{% macro add_days(day, days) -%}
    {{ adapter.dispatch('add_days', 'warehouse')(day, days) }}
{%- endmacro %}

{% macro default__add_days(day, days) -%}
    cast({{ day }} + interval ({{ days }}) day as date)
{%- endmacro %}

{% macro spark__add_days(day, days) -%}
    date_add({{ day }}, {{ days }})
{%- endmacro %}


{# The day before an end: the last day that still belongs to a spell. #}
{% macro day_before(day) -%}
    {{ add_days(day, -1) }}
{%- endmacro %}


{% macro days_between(first_day, last_day) -%}
    {{ adapter.dispatch('days_between', 'warehouse')(first_day, last_day) }}
{%- endmacro %}

{% macro default__days_between(first_day, last_day) -%}
    date_diff('day', {{ first_day }}, {{ last_day }})
{%- endmacro %}

{% macro spark__days_between(first_day, last_day) -%}
    datediff({{ last_day }}, {{ first_day }})
{%- endmacro %}


{# 1 is Monday, 7 is Sunday. #}
{% macro iso_weekday(day) -%}
    {{ adapter.dispatch('iso_weekday', 'warehouse')(day) }}
{%- endmacro %}

{% macro default__iso_weekday(day) -%}
    isodow({{ day }})
{%- endmacro %}

{% macro spark__iso_weekday(day) -%}
    (weekday({{ day }}) + 1)
{%- endmacro %}


{% macro month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}


{# 1 April on or before the day. #}
{% macro financial_year_start(day) -%}
    {{ add_months("cast(date_trunc('year', " ~ add_months(day, -3) ~ ") as date)", 3) }}
{%- endmacro %}


{# Completed years. Someone born on 29 February has the birthday on 1 March in other years. #}
{% macro age_in_years(birth_date, day) -%}
    (
        year({{ day }}) - year({{ birth_date }})
        - case
            when month({{ day }}) * 100 + day({{ day }}) < month({{ birth_date }}) * 100 + day({{ birth_date }})
                then 1
            else 0
        end
    )
{%- endmacro %}


{# A column `step` with the whole numbers from 0 to last, for spines of months and days. #}
{% macro steps_up_to(last) -%}
    select step from (values {% for step in range(last + 1) %}({{ step }}){{ ", " if not loop.last }}{% endfor %}) as steps (step)
{%- endmacro %}


{# The rows of a CTE with the nth working day after a day. Monday to Friday without the bank holidays of England;
   the day after is day 1. Null outside the calendar and where the day is not known. #}
{% macro with_working_days_after(cohort, day, number, name) -%}
    select
        cohort.*,
        due_days.day as {{ name }}
    from {{ cohort }} as cohort
    left join {{ ref('int_calendar_day') }} as trigger_days
        on cohort.{{ day }} = trigger_days.day
    left join {{ ref('int_calendar_day') }} as due_days
        on
            trigger_days.working_day_number + {{ number }} = due_days.working_day_number
            and due_days.is_working_day
{%- endmacro %}
