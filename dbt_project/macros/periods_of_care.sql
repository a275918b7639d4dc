{# Sort order that puts the last episode of a period of care first: latest start, then latest end (open episodes
   first), then highest id. #}
{% macro last_episode_first(prefix='') -%}
    {{ prefix }}start_date desc, {{ prefix }}ceased_date desc nulls first, {{ prefix }}id_sort_key desc
{%- endmacro %}


{# Whether the end of the last episode ends the period of care: every reason does except X1 (the child stays looked
   after), and so does a missing reason. #}
{% macro is_ceasing(ceased_reason_code) -%}
    coalesce({{ ceased_reason_code }}, '') <> 'X1'
{%- endmacro %}
