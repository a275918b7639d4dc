{# Codes of dimensions that several families give. What is empty or outside a set needs no word here: the seeds
   `dimension` and `dimension_code` say where it counts. #}

{# The code of a dimension of time since a day: the first whose months after that day end later than the day `at`.
   Child in need plans count the day itself to the shorter time, as the indicators of their duration do. #}
{% macro duration_band(dimension, since, at) -%}
    {%- set bands, last_band, later = {
        'cin_duration_band': (
            [(3, '0_3_months'), (6, '3_6_months'), (12, '6_12_months')], 'over_12_months', '>='
        ),
        'cp_duration_band': (
            [(3, 'under_3_months'), (6, '3_6_months'), (12, '6_12_months'), (24, '12_24_months')],
            'over_24_months', '>'
        ),
        'time_in_care_band': (
            [(6, 'under_6_months'), (12, '6_12_months'), (24, '1_2_years'), (60, '2_5_years')], 'over_5_years', '>'
        ),
    }[dimension] -%}
    case
        {% for months, band in bands -%}
        when {{ add_months(since, months) }} {{ later }} {{ at }} then '{{ band }}'
        {% endfor -%}
        when {{ since }} is not null then '{{ last_band }}'
    end
{%- endmacro %}


{# For how long a worker has been qualified on a day. A day of qualification that is later is not known yet. #}
{% macro experience_band(qualified_date, day) -%}
    case
        when {{ qualified_date }} > {{ day }} then 'not_known'
        when {{ add_months(qualified_date, 12) }} > {{ day }} then 'newly_qualified'
        when {{ add_months(qualified_date, 36) }} > {{ day }} then '1_3_years'
        when {{ qualified_date }} is not null then '3_plus_years'
        else 'not_known'
    end
{%- endmacro %}


{# The year of a day that is known on a day, as a code; null where there is none. #}
{% macro known_year(date, day) -%}
    case when {{ date }} <= {{ day }} then cast(year({{ date }}) as varchar) end
{%- endmacro %}


{# Adds to the rows of a CTE the last days of the bands of an assessment: 15, 35 and 45 working days after a day,
   whatever the number of days of the definition is. #}
{% macro with_days_of_assessment_bands(cohort, day) -%}
    {%- set rows = namespace(sql=cohort) -%}
    {%- for edge in [15, 35, 45] -%}
        {%- set rows.sql = '(' ~ with_working_days_after(rows.sql, day, edge, 'working_day_' ~ edge) ~ ')' -%}
    {%- endfor -%}
    select *
    from {{ rows.sql }} as banded
{%- endmacro %}


{% macro assessment_band(clock_start_date, authorised_date) -%}
    case
        when {{ authorised_date }} <= working_day_15 then '0_15'
        when {{ authorised_date }} <= working_day_35 then '16_35'
        when {{ authorised_date }} <= working_day_45 then '36_45'
        when {{ clock_start_date }} is not null then 'over_45'
    end
{%- endmacro %}


{# Health services and services of the council have more letters than the code set lists. #}
{% macro contact_source(source_code) -%}
    case
        when {{ source_code }} like '3%' then 'health'
        when {{ source_code }} like '5%' then 'council'
        else {{ source_code }}
    end
{%- endmacro %}


{# Why a review was late; null where the authority's list has no reason. #}
{% macro late_reason(is_on_time) -%}
    case when {{ is_on_time }} then 'on_time' else late_reason_code end
{%- endmacro %}


{% macro eet_class(eet_status, activity_code) -%}
    case
        when {{ eet_status }} = 'EET' then 'EET'
        when {{ activity_code }} = 'G5' then 'NEET'
        when {{ activity_code }} in ('G4', 'G6') then 'not_available'
    end
{%- endmacro %}
