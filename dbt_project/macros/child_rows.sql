{# Child rows of one indicator from a cohort that has la_code, child_id, month, extract_month, team_name and
   locality_name: every row of the cohort for which `where` holds is in the denominator (or is counted), and those with
   `is_in_numerator` are in the numerator. `reason` says why a row is not, in words of the closed list; `{parameter}`
   is replaced by the value of that column of the cohort.

   What a family does not give, `ind_child_row` adds by one rule: `unit_type` of the register; `unit_id`, the event or
   else the child; `numerator_value`, 1 for a row in the numerator (always 0 outside it); `denominator_value`, 1 where
   the unit has a denominator of its own. `row_day` is the day on which age, placement and legal status of a row are
   asked. `codes` has the codes of dimensions that only the family knows, an expression for each dimension; states of
   the child on the day are added to all rows alike. #}
{% macro child_rows(
    cohort, indicator_id, is_in_numerator='true', reason='null',
    event_id='null', due_date='null', actual_date='null',
    unit_type='null', unit_id='null', numerator_value='null', denominator_value='null', row_day='month', codes={}, where='true'
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
    cast({{ actual_date }} as date) as actual_date,
    cast({{ unit_type }} as varchar) as unit_type,
    cast({{ unit_id }} as varchar) as unit_id,
    cast({{ numerator_value }} as double) as numerator_value,
    cast({{ denominator_value }} as double) as denominator_value,
    cast({{ row_day }} as date) as row_day,
    {{ codes_of_family(codes) }} as codes
from {{ cohort }}
where {{ where }}
{% endmacro %}


{# The codes of a row by dimension. Breakdowns are as reported only, so a row of an earlier month has none. #}
{% macro codes_of_family(codes) -%}
    {%- if codes -%}
    case
        when month = extract_month
            then map(
                ['{{ codes | join("', '") }}'],
                [{% for code in codes.values() %}cast({{ code }} as varchar){{ ', ' if not loop.last }}{% endfor %}]
            )
    end
    {%- else -%}
    cast(null as map(varchar, varchar))
    {%- endif -%}
{%- endmacro %}


{# The columns of a row that is of no child and no team: it counts for the authority alone. #}
{% macro of_the_authority() -%}
    cast(null as varchar) as child_id,
    'Not allocated' as team_name,
    'Not allocated' as locality_name
{%- endmacro %}
