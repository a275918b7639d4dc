{# The rows of a CTE with one column per parameter: its value in `indicator_parameter` for the authority of the row on
   the day in the column `day`. A value that the authority has of its own comes before that of all authorities. The
   CTE has la_code and the day; where the day is null, so are the values. #}
{% macro with_parameters(cohort, day, parameters) -%}
    select
        cohort.*,
        {% for parameter in parameters %}
        coalesce(own_{{ parameter }}.parameter_value, {{ parameter }}.parameter_value) as {{ parameter }}{{ "," if not loop.last }}
        {% endfor %}
    from {{ cohort }} as cohort
    {% for parameter in parameters %}
    left join ({{ parameter_periods(parameter) }}) as {{ parameter }}
        on
            {{ parameter }}.la_code = ''
            and {{ is_within(parameter ~ '.valid_from', parameter ~ '.valid_to', 'cohort.' ~ day) }}
    left join ({{ parameter_periods(parameter) }}) as own_{{ parameter }}
        on
            cohort.la_code = own_{{ parameter }}.la_code
            and {{ is_within('own_' ~ parameter ~ '.valid_from', 'own_' ~ parameter ~ '.valid_to', 'cohort.' ~ day) }}
    {% endfor %}
{%- endmacro %}


{# The values of a parameter with the days from which and before which they hold. Indicators that share a parameter
   have the same values. One that is used from January 1900 holds for every day before, too. #}
{% macro parameter_periods(parameter) -%}
    select
        la_code,
        parameter_value,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by la_code order by valid_from), {{ end_of_time() }}
        ) as valid_to
    from (
        select distinct
            coalesce(la_code, '') as la_code,
            parameter_value,
            case
                when first_month_used > date '1900-01-31' then {{ month_start('first_month_used') }} else date '0001-01-01'
            end as valid_from
        from {{ ref('indicator_parameter') }}
        where parameter = '{{ parameter }}'
    ) as parameter_values
{%- endmacro %}


{# A text with the values of its `{parameter}`s, as SQL: between the quotes of a string. #}
{% macro with_values_in_words(text) -%}
    {{ text | replace('{', "' || cast(") | replace('}', " as varchar) || '") }}
{%- endmacro %}
