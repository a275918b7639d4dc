{# The sum of the values of child rows. Fractions of posts are added in any order: what that changes is cut off. #}
{% macro sum_of_values(column) -%}
    round(sum({{ column }}), 6)
{%- endmacro %}


{# The value of a figure in its unit; null where its denominator is 0. #}
{% macro value_of(unit, numerator, denominator) -%}
    cast(
        case {{ unit }}
            when 'number' then {{ numerator }}
            when 'percentage' then 100.0 * {{ numerator }} / nullif({{ denominator }}, 0)
            when 'rate_per_10000' then 10000.0 * {{ numerator }} / nullif({{ denominator }}, 0)
            else {{ numerator }} / nullif({{ denominator }}, 0)
        end as double
    )
{%- endmacro %}
