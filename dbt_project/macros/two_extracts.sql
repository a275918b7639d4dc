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


{# The figures that an extract cannot give, and those that did not exist yet when the month was reported: a new
   indicator was not 0 before. Without the figure of the authority there is none of its areas, and a missing one is not
   0. #}
{% macro figures_not_given(figures) -%}
    select
        indicator_id,
        la_code,
        month,
        extract_month
    from {{ figures }}
    where area_type = 'authority' and numerator is null
    union all
    select
        known.indicator_id,
        reported_months.la_code,
        reported_months.month,
        reported_months.month as extract_month
    from (
        select distinct
            indicator_id,
            la_code
        from {{ figures }}
        where area_type = 'authority'
    ) as known
    inner join (
        select distinct
            la_code,
            month
        from {{ figures }}
        where area_type = 'authority' and month = extract_month
    ) as reported_months
        on known.la_code = reported_months.la_code
    left join {{ figures }} as present
        on
            known.indicator_id = present.indicator_id
            and reported_months.la_code = present.la_code
            and reported_months.month = present.month
            and reported_months.month = present.extract_month
            and present.area_type = 'authority'
    where present.indicator_id is null
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
