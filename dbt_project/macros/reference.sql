{# The rows of the CTE `own`, and those of `shipped` that no own row replaces: none with the same key. Both have the
   same columns in the same order. #}
{% macro own_before_shipped(own, shipped, key) -%}
    select *
    from {{ own }}
    union all
    select {{ shipped }}.*
    from {{ shipped }}
    left join (
        select distinct {{ key | join(', ') }}
        from {{ own }}
    ) as replaced
        on
            {% for column in key %}
            {{ "and " if not loop.first }}{{ shipped }}.{{ column }} = replaced.{{ column }}
            {% endfor %}
    where replaced.{{ key[0] }} is null
{%- endmacro %}
