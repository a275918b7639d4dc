{# The sort key that decides which id is the highest: ids are compared as numbers where all ids of the column in a
   drop are whole numbers, else as text. #}
{% macro id_order(id) -%}
    case
        when bool_and({{ is_whole_number(id) }}) over (partition by la_code, extract_month)
            then lpad(ltrim({{ id }}, '0'), 40, '0')
        else {{ id }}
    end
{%- endmacro %}


{% macro is_whole_number(text) -%}
    regexp_full_match({{ text }}, '[0-9]+')
{%- endmacro %}


{# Letters and digits only, in lower case: how a text from the case system is matched to a code set. #}
{% macro letters_and_digits(text) -%}
    regexp_replace(lower({{ text }}), '[^a-z0-9]', '', 'g')
{%- endmacro %}


{# The texts of a group in alphabetical order, separated by commas. Not dbt.listagg: dbt-spark ignores its order. #}
{% macro listed(text) -%}
    string_agg({{ text }}, ', ' order by {{ text }})
{%- endmacro %}
