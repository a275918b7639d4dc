{# What "the highest id" is decided by: ids are compared as text; where all ids of the column in a drop are
   whole numbers, as numbers. #}
{% macro id_order(id) -%}
    case
        when bool_and({{ is_whole_number(id) }}) over (partition by la_code, extract_month)
            then lpad(ltrim({{ id }}, '0'), 40, '0')
        else {{ id }}
    end
{%- endmacro %}


{% macro is_whole_number(text) -%}
    {{ adapter.dispatch('is_whole_number', 'warehouse')(text) }}
{%- endmacro %}

{% macro default__is_whole_number(text) -%}
    regexp_full_match({{ text }}, '[0-9]+')
{%- endmacro %}

{% macro spark__is_whole_number(text) -%}
    ({{ text }} rlike '^[0-9]+$')
{%- endmacro %}


{# Letters and digits only, in lower case: how a text from the case system is matched to a code set. #}
{% macro letters_and_digits(text) -%}
    {{ adapter.dispatch('letters_and_digits', 'warehouse')(text) }}
{%- endmacro %}

{% macro default__letters_and_digits(text) -%}
    regexp_replace(lower({{ text }}), '[^a-z0-9]', '', 'g')
{%- endmacro %}

{% macro spark__letters_and_digits(text) -%}
    regexp_replace(lower({{ text }}), '[^a-z0-9]', '')
{%- endmacro %}


{# The texts of a group in alphabetical order, a comma and a blank between them. #}
{% macro listed(text) -%}
    {{ adapter.dispatch('listed', 'warehouse')(text) }}
{%- endmacro %}

{% macro default__listed(text) -%}
    string_agg({{ text }}, ', ' order by {{ text }})
{%- endmacro %}

{% macro spark__listed(text) -%}
    array_join(array_sort(collect_list({{ text }})), ', ')
{%- endmacro %}


{# Whether two values are not the same, where null is the same as null. #}
{% macro differs(one, other) -%}
    {{ adapter.dispatch('differs', 'warehouse')(one, other) }}
{%- endmacro %}

{% macro default__differs(one, other) -%}
    ({{ one }} is distinct from {{ other }})
{%- endmacro %}

{% macro spark__differs(one, other) -%}
    (not ({{ one }} <=> {{ other }}))
{%- endmacro %}
