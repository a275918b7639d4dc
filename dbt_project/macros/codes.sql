{# A code of the set `yes_no` as true or false: null where it is empty or outside the set. #}
{% macro yes_or_no(code) -%}
    case {{ code }} when 'Y' then true when 'N' then false end
{%- endmacro %}
