{# The value of a key of a JSON object, as text. Null where the text is no JSON or no object, or has no such key. #}
{% macro json_value(json_text, key) -%}
    {{ adapter.dispatch('json_value', 'warehouse')(json_text, key) }}
{%- endmacro %}

{# DuckDB reads past a comma before a closing bracket; other readers do not, and it is no JSON. #}
{% macro default__json_value(json_text, key) -%}
    case
        when json_valid({{ json_text }}) and not regexp_matches({{ json_text }}, ',\s*[}\]]')
            then json_extract_string({{ json_text }}, {{ key }})
    end
{%- endmacro %}

{% macro spark__json_value(json_text, key) -%}
    get_json_object({{ json_text }}, concat('$.', {{ key }}))
{%- endmacro %}
