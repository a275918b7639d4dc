{# For models that compare what two extracts say of a month. #}

{# The layout of each extract in a relation of figures. #}
{% macro layouts_of_extracts(figures) -%}
    select
        la_code,
        extract_month,
        coalesce(max(source_layout), 'ssd') as source_layout
    from {{ figures }}
    group by la_code, extract_month
{%- endmacro %}


{# The figures that an extract cannot give. Without the figure of the authority there is none of its areas, and a
   missing one is not 0. #}
{% macro figures_not_given(figures) -%}
    select
        indicator_id,
        la_code,
        month,
        extract_month
    from {{ figures }}
    where area_type = 'authority' and numerator is null
{%- endmacro %}


{# Joins a CTE twice: as `<cte>_then` for the extract of the month of `rows`, as `<cte>_now` for the extract `now`. #}
{% macro join_then_and_now(kind, cte, rows, now, keys) -%}
    {% for moment, extract_month in [('then', rows ~ '.month'), ('now', now)] -%}
    {{ kind }} join {{ cte }} as {{ cte }}_{{ moment }}
        on
            {% for key in keys -%}
            {{ rows }}.{{ key }} = {{ cte }}_{{ moment }}.{{ key }}
            and {% endfor %}{{ extract_month }} = {{ cte }}_{{ moment }}.extract_month
    {% endfor %}
{%- endmacro %}
