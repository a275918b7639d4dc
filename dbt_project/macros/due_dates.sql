{# Whether something done still counts on a day; the last day counts. #}
{% macro still_counts_on(counts_until, day) -%}
    {{ counts_until }} >= {{ day }}
{%- endmacro %}


{# Whether a review is overdue on a day: it is from its due date, unless held by the close of that day. #}
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


{# When the next meeting on a personal education plan is due: by the end of the term after the last one. Terms end in
   December (autumn), March (spring) and July (summer). #}
{% macro next_pep_due(meeting_date) -%}
    case
        when month({{ meeting_date }}) <= 3 then {{ add_days(add_months("cast(date_trunc('year', " ~ meeting_date ~ ") as date)", 7), -1) }}
        when month({{ meeting_date }}) <= 8 then {{ add_days(add_months("cast(date_trunc('year', " ~ meeting_date ~ ") as date)", 12), -1) }}
        else {{ add_days(add_months("cast(date_trunc('year', " ~ meeting_date ~ ") as date)", 15), -1) }}
    end
{%- endmacro %}


{# 31 August on or before a day. The age on it decides the school year: four is reception, fifteen is year 11. #}
{% macro school_age_day(day) -%}
    {{ add_days(add_months("cast(date_trunc('year', " ~ add_months(add_days(day, 1), -8) ~ ") as date)", 8), -1) }}
{%- endmacro %}
