{# Each folder of models has a schema of its own in the warehouse, without the prefix that dbt would add. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
