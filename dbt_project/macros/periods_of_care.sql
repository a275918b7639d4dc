{# By which the last episode of a period of care comes first: the latest start, then the one that ends last (an
   open one before all), then the highest id. #}
{% macro last_episode_first(prefix='') -%}
    {{ prefix }}start_date desc, {{ prefix }}ceased_date desc nulls first, {{ prefix }}id_sort_key desc
{%- endmacro %}


{# Whether the end of a last episode is an end of care: X1 alone says that the child stays looked after; an
   ending without a reason is a ceasing. #}
{% macro is_ceasing(ceased_reason_code) -%}
    coalesce({{ ceased_reason_code }}, '') <> 'X1'
{%- endmacro %}
