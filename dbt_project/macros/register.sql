{# What each indicator of the register needs, one row per object: the object, a column of it where only that column
   matters, how far back (`back`, see the seed), and whether the latest event of each child is enough. #}
{% macro objects_needed(register) -%}
    select
        indicator_id,
        split_part(split_part(need, ':', 1), '.', 1) as object,
        nullif(split_part(split_part(need, ':', 1), '.', 2), '') as column_name,
        split_part(need, ':', 2) as back,
        split_part(need, ':', 3) = 'latest' as is_latest_enough
    from (
        select
            indicator_id,
            unnest(string_split(needs, ' ')) as need
        from {{ register }}
    ) as listed
{%- endmacro %}


{# The first day of which an indicator needs the events for the figures of a month. The relation has month,
   financial_year_start and oldest_plan_start, `back` is a column of `objects_needed`. #}
{% macro needed_from(relation, back) -%}
    {%- set months = "cast(case when " ~ back ~ " like 'ytd+%' then split_part(" ~ back ~ ", '+', 2) when "
        ~ back ~ " in ('ytd', 'all', 'plan') then '0' else split_part(" ~ back ~ ", '+', 1) end as integer)" -%}
    {%- set month_after = add_days(relation ~ '.month', 1) -%}
    case
        when {{ back }} = 'all' then date '0001-01-01'
        when {{ back }} = 'plan' then coalesce({{ relation }}.oldest_plan_start, {{ month_after }})
        when {{ back }} like 'ytd%' then {{ add_months(relation ~ '.financial_year_start', '-' ~ months) }}
        when {{ back }} like '%+day' then {{ day_before(add_months(month_after, '-' ~ months)) }}
        else {{ add_months(month_after, '-' ~ months) }}
    end
{%- endmacro %}


{# The dimensions of each indicator, one row each: the common ones of indicators whose rows are of children, and those
   that the register names. The children of a rate are those of its count. #}
{% macro indicator_dimensions(register, dimensions) -%}
    select
        register.indicator_id,
        dimensions.dimension
    from {{ register }} as register
    cross join {{ dimensions }} as dimensions
    where
        register.is_of_children
        and dimensions.is_common
        and register.unit not in ('rate_per_10000', 'per_fte')
    union all
    select
        indicator_id,
        unnest(string_split(dimensions, ' ')) as dimension
    from {{ register }}
    where dimensions <> ''
{%- endmacro %}
