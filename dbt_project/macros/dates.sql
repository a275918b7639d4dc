{# Whether a spell is open on a day: its start day belongs to it, its end is the first day that no longer does. #}
{% macro is_open_on(start_date, end_date, day) -%}
    ({{ start_date }} <= {{ day }} and ({{ end_date }} is null or {{ end_date }} > {{ day }}))
{%- endmacro %}


{# The end of a stretch of days that has no end yet. With a date instead of null, a day is looked up by two plain
   comparisons, which databases join much faster. #}
{% macro end_of_time() -%}
    date '9999-12-31'
{%- endmacro %}



{# Whether a day belongs to a stretch of days; valid_to is the first day that no longer does. #}
{% macro is_within(valid_from, valid_to, day) -%}
    {{ valid_from }} <= {{ day }} and {{ valid_to }} > {{ day }}
{%- endmacro %}


{# A day computed from a day, such as one six months later. A typing error such as the year 9999 or 19 stays the day
   that it is: a day computed from it may lie outside the years 1 to 9999, and nothing but the database can read it. #}
{% macro within_calendars(day, computed) -%}
    case when {{ day }} between date '0100-01-01' and date '9900-01-01' then {{ computed }} else {{ day }} end
{%- endmacro %}


{# The same day of the month, a number of months later, as a date. Where that month is shorter, its last day:
   31 August plus 6 months is 28 February. #}
{% macro add_months(day, months) -%}
    {{ within_calendars(day, months_later(day, months)) }}
{%- endmacro %}


{# A number of days later, as a date. #}
{% macro add_days(day, days) -%}
    {{ within_calendars(day, days_later(day, days)) }}
{%- endmacro %}


{# For a computation of several steps, all of them inside one `within_calendars`. #}
{% macro months_later(day, months) -%}
    cast({{ dbt.dateadd('month', months, day) }} as date)
{%- endmacro %}


{% macro days_later(day, days) -%}
    cast({{ dbt.dateadd('day', days, day) }} as date)
{%- endmacro %}


{% macro year_start(day) -%}
    cast({{ dbt.date_trunc('year', day) }} as date)
{%- endmacro %}


{# The day before the end of a spell: the last day that belongs to it. #}
{% macro day_before(day) -%}
    {{ add_days(day, -1) }}
{%- endmacro %}


{# The last day up to the month end of the extract that belongs to a spell: the month end itself while the spell
   lasts. Where it begins later, its first day. #}
{% macro last_known_day(start_date, end_date, extract_month='extract_month') -%}
    case
        when {{ end_date }} <= {{ extract_month }} then {{ day_before(end_date) }}
        when {{ start_date }} > {{ extract_month }} then {{ start_date }}
        else {{ extract_month }}
    end
{%- endmacro %}


{# 1 is Monday, 7 is Sunday. #}
{% macro iso_weekday(day) -%}
    isodow({{ day }})
{%- endmacro %}


{# First day of the month of a day. #}
{% macro month_start(day) -%}
    cast({{ dbt.date_trunc('month', day) }} as date)
{%- endmacro %}


{# 1 April on or before the day. #}
{% macro financial_year_start(day) -%}
    {{ within_calendars(day, months_later(year_start(months_later(day, -3)), 3)) }}
{%- endmacro %}


{# 31 August on or before the day: the age on it says in which school year a young person is. #}
{% macro end_of_school_year(day) -%}
    {{ day_before(months_later(year_start(months_later(days_later(day, 1), -8)), 8)) }}
{%- endmacro %}


{# Age in completed years. A person born on 29 February has a birthday on 1 March in other years. #}
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


{# One column, `step`, with the whole numbers from 0 to `last`: for series of months and days. #}
{% macro steps_up_to(last) -%}
    select step from (values {% for step in range(last + 1) %}({{ step }}){{ ", " if not loop.last }}{% endfor %}) as steps (step)
{%- endmacro %}


{# Adds to the rows of a CTE the nth working day after a day: Monday to Friday, not a bank holiday in England; the
   day after is day 1. Before the calendar begins, five working days are a week. Null after its end and where the day
   is missing. #}
{% macro with_working_days_after(cohort, day, number, name) -%}
    select
        cohort.*,
        case
            when cohort.{{ day }} < {{ first_calendar_day() }}
                then {{ add_days('cohort.' ~ day, 'cast(' ~ number ~ ' * 7 / 5 as integer)') }}
            else due_days.day
        end as {{ name }}
    from {{ cohort }} as cohort
    left join {{ ref('int_calendar_day') }} as trigger_days
        on cohort.{{ day }} = trigger_days.day
    left join {{ ref('int_calendar_day') }} as due_days
        on
            trigger_days.working_day_number + {{ number }} = due_days.working_day_number
            and due_days.is_working_day
{%- endmacro %}


{# The first day of `int_calendar_day`. #}
{% macro first_calendar_day() -%}
    date '2000-01-01'
{%- endmacro %}


{# A day as a reader writes it: 1 March 2019. #}
{% macro day_in_words(day) -%}
    strftime({{ day }}, '%-d %B %Y')
{%- endmacro %}


{# The age of a person on a day as a band. A person who is not born on that day, or has only an expected day of birth,
   is unborn; null where neither is known. #}
{% macro age_band(birth_date, expected_birth_date, day) -%}
    case
        when {{ birth_date }} > {{ day }} then 'unborn'
        when {{ birth_date }} is null and {{ expected_birth_date }} is not null then 'unborn'
        {% for last_age, band in [
            (0, 'under_1'), (4, '1_4'), (9, '5_9'), (15, '10_15'), (17, '16_17'), (18, '18'), (21, '19_21'), (25, '22_25'),
        ] -%}
        when {{ age_in_years(birth_date, day) }} <= {{ last_age }} then '{{ band }}'
        {% endfor -%}
        when {{ birth_date }} <= {{ day }} then '26_over'
    end
{%- endmacro %}
