{# What was done still counts on a day: the day up to which it counts belongs to it. #}
{% macro still_counts_on(counts_until, day) -%}
    {{ counts_until }} >= {{ day }}
{%- endmacro %}


{# A review is overdue from the day on which it is due: what was not held by the close of that day is late. #}
{% macro is_overdue_on(due_date, day) -%}
    {{ due_date }} <= {{ day }}
{%- endmacro %}


{# Up to when a health assessment counts: longer from the age on from which it is made once a year. `relation`
   names the one that has the three numbers, with a point; empty where there is one only. #}
{% macro health_assessment_counts_until(check_date, age, relation='') -%}
    case
        when {{ age }} < {{ relation }}age_of_yearly_health_assessment
            then {{ add_months(check_date, relation ~ 'months_of_early_health_assessment') }}
        else {{ add_months(check_date, relation ~ 'months_of_health_assessment') }}
    end
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
