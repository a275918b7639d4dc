{# The rows of a CTE, once for each reporting month of their extract for which the condition holds. The model
   imports int_reporting_month as `months`; the condition names its columns and those of the CTE. #}
{% macro in_each_month(rows, condition) -%}
    select
        months.month,
        {{ rows }}.*
    from months
    inner join {{ rows }}
        on
            months.la_code = {{ rows }}.la_code
            and months.extract_month = {{ rows }}.extract_month
            and {{ condition }}
{%- endmacro %}


{# Totals of a CTE for each authority, locality and team, in the columns area_type and area_name. The area name of an
   authority is null. `keys` are the other columns of a total, `totals` the aggregates by name, `team` is the column
   with the name of the team; the CTE has `locality_name` too. #}
{% macro totals_by_area(rows, keys, totals, team='area_name') -%}
    {% for area_type, area_name in [('authority', none), ('locality', 'locality_name'), ('team', team)] -%}
    select
        {{ keys | join(',\n        ') }},
        '{{ area_type }}' as area_type,
        {{ area_name or 'cast(null as varchar)' }} as area_name,
        {% for name, total in totals.items() -%}
        {{ total }} as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ rows }}
    group by {{ keys | join(', ') }}{{ ', ' ~ area_name if area_name }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}


{# The name of an area within its area_type. An authority is the only one of its kind: its key is empty, whether or
   not the relation names it. Two relations join on area_type and this key. A condition with `or` instead of an
   equality would compare every row with every row. #}
{% macro area_key(relation) -%}
    case when {{ relation }}.area_type = 'authority' then '' else {{ relation }}.area_name end
{%- endmacro %}
