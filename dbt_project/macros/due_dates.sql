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
    {%- set months = "case when month(" ~ meeting_date ~ ") <= 3 then 7 when month(" ~ meeting_date ~ ") <= 8 then 12 else 15 end" -%}
    {{ within_calendars(meeting_date, days_later(months_later(year_start(meeting_date), months), -1)) }}
{%- endmacro %}


{# 31 August on or before a day. The age on it decides the school year: four is reception, fifteen is year 11. #}
{% macro school_age_day(day) -%}
    {{ within_calendars(day, days_later(months_later(year_start(months_later(days_later(day, 1), -8)), 8), -1)) }}
{%- endmacro %}
