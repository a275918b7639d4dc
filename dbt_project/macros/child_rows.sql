{# Child rows of one indicator from a cohort that has la_code, child_id, month, extract_month, team_name and
   locality_name: every row of the cohort is in the denominator (or is counted), and those with
   `is_in_numerator` are in the numerator. `reason` says why a row is not, in words of the closed list; `{parameter}`
   is replaced by the value of that column of the cohort. #}
{% macro child_rows(
    cohort, indicator_id, is_in_numerator='true', reason='null',
    event_id='null', due_date='null', actual_date='null'
) %}
select
    '{{ indicator_id }}' as indicator_id,
    la_code,
    child_id,
    month,
    extract_month,
    team_name as area_name,
    locality_name,
    coalesce({{ is_in_numerator }}, false) as is_in_numerator,
    cast({{ event_id }} as varchar) as event_id,
    case when not coalesce({{ is_in_numerator }}, false) then cast({{ with_values_in_words(reason) }} as varchar) end as reason,
    cast({{ due_date }} as date) as due_date,
    cast({{ actual_date }} as date) as actual_date
from {{ cohort }}
{% endmacro %}
