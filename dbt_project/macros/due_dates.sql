{# What was done still counts on a day: the day up to which it counts belongs to it. #}
{% macro still_counts_on(counts_until, day) -%}
    {{ counts_until }} >= {{ day }}
{%- endmacro %}


{# A review is overdue from the day on which it is due: what was not held by the close of that day is late. #}
{% macro is_overdue_on(due_date, day) -%}
    {{ due_date }} <= {{ day }}
{%- endmacro %}


{# Up to when a health assessment counts: six months for a child under five, else twelve. #}
{% macro health_assessment_counts_until(check_date, age) -%}
    case
        when {{ age }} < 5 then {{ add_months(check_date, 6) }}
        else {{ add_months(check_date, 12) }}
    end
{%- endmacro %}


{# The first conference that reviews a child protection plan is due three months after it began. #}
{% macro first_cp_review_due(start_date) -%}
    {{ add_months(start_date, 3) }}
{%- endmacro %}


{# A personal education plan is looked at every term: after a meeting the next is due by the end of the term that
   follows. Terms by the months of the year: autumn up to December, spring up to March, summer up to July. #}
{% macro next_pep_due(meeting_date) -%}
    case
        when month({{ meeting_date }}) <= 3 then {{ add_days(add_months("cast(date_trunc('year', " ~ meeting_date ~ ") as date)", 7), -1) }}
        when month({{ meeting_date }}) <= 8 then {{ add_days(add_months("cast(date_trunc('year', " ~ meeting_date ~ ") as date)", 12), -1) }}
        else {{ add_days(add_months("cast(date_trunc('year', " ~ meeting_date ~ ") as date)", 15), -1) }}
    end
{%- endmacro %}


{# 31 August on or before the day, by which the age of a pupil is taken: from four (reception) to fifteen (year 11). #}
{% macro school_age_day(day) -%}
    {{ add_days(add_months("cast(date_trunc('year', " ~ add_months(add_days(day, 1), -8) ~ ") as date)", 8), -1) }}
{%- endmacro %}


{# Rows with the value of a parameter of an indicator as it was agreed for the day in `day`. #}
{% macro with_parameter_on(cohort, day, indicator_id, parameter) -%}
    select ranked.*
    from (
        select
            cohort.*,
            parameters.parameter_value as {{ parameter }},
            row_number() over (
                partition by cohort.la_code, cohort.extract_month, cohort.{{ day }}
                order by parameters.first_month_used desc
            ) as parameter_precedence
        from {{ cohort }} as cohort
        inner join {{ ref('indicator_parameter') }} as parameters
            on
                parameters.indicator_id = '{{ indicator_id }}'
                and parameters.parameter = '{{ parameter }}'
                and cohort.{{ day }} >= parameters.first_month_used
    ) as ranked
    where ranked.parameter_precedence = 1
{%- endmacro %}
