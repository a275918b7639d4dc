{# The objects that each indicator of the register needs, one row each. #}
{% macro objects_needed(register) -%}
    select
        indicator_id,
        unnest(string_split(needs, ' ')) as object
    from {{ register }}
{%- endmacro %}
