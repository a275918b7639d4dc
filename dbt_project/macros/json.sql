{# The value of a key of a JSON object, as text. Null where the text is not a JSON object or has no such key.
   DuckDB accepts a comma before a closing bracket; it is not valid JSON and gives null here. #}
{% macro json_value(json_text, key) -%}
    case
        when json_valid({{ json_text }}) and not regexp_matches({{ json_text }}, ',\s*[}\]]')
            then json_extract_string({{ json_text }}, {{ key }})
    end
{%- endmacro %}
