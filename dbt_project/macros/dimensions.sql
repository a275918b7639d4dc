{# Codes of dimensions that several families give. What is empty or outside a set needs no word here: the seeds
   `dimension` and `dimension_code` say where it counts. #}

{# The band of the months since a day: the first whose months after it come after the day `at` (or on it with `>=`). #}
{% macro duration_band(since, at, bands, last_band, later='>') -%}
    case
        {% for months, band in bands -%}
        when {{ add_months(since, months) }} {{ later }} {{ at }} then '{{ band }}'
        {% endfor -%}
        when {{ since }} is not null then '{{ last_band }}'
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


{# Why a review was late: no object that is read today holds the reason. #}
{% macro late_reason(is_on_time) -%}
    case when {{ is_on_time }} then 'on_time' end
{%- endmacro %}


{% macro eet_class(eet_status, activity_code) -%}
    case
        when {{ eet_status }} = 'EET' then 'EET'
        when {{ activity_code }} = 'G5' then 'NEET'
        when {{ activity_code }} in ('G4', 'G6') then 'not_available'
    end
{%- endmacro %}
