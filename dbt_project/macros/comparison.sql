{# A quotient as a paper prints it: rounded at so many decimals, half upwards. Both sides are whole numbers, because
   3.65 as a double is a little less than 3.65 and would be printed as 3.6. Neither may be negative. #}
{% macro rounded_half_up(numerator, denominator, decimals) -%}
    {{ floor_of_quotient(
        "2 * (" ~ numerator ~ ") * cast(pow(10, " ~ decimals ~ ") as bigint) + (" ~ denominator ~ ")",
        "2 * (" ~ denominator ~ ")"
    ) }} / pow(10, {{ decimals }})
{%- endmacro %}


{# The greatest whole number that is not above the quotient of two whole numbers; null where the second is 0. #}
{% macro floor_of_quotient(numerator, denominator) -%}
    (({{ numerator }}) // nullif({{ denominator }}, 0))
{%- endmacro %}


{# A published number as a whole number of millionths: how 63.400000000000006 and 63.4 become the same. #}
{% macro in_millionths(published) -%}
    cast(round({{ published }} * 1000000) as bigint)
{%- endmacro %}


{# Standard deviations on each side of the middle that hold 95 of 100 values drawn from a normal distribution. #}
{% macro z_of_95_percent() -%}
    1.959963985
{%- endmacro %}


{# Whether two shares differ by more than chance would make them: z of two proportions with the pooled share, at
   95 per cent. Null where a denominator is 0. Where all or nobody is in both numerators there is no difference. #}
{% macro two_proportions_differ(numerator, denominator, other_numerator, other_denominator) -%}
    (
        abs(1.0 * {{ numerator }} / nullif({{ denominator }}, 0)
            - 1.0 * {{ other_numerator }} / nullif({{ other_denominator }}, 0))
        > {{ z_of_95_percent() }} * sqrt(
            (1.0 * ({{ numerator }} + {{ other_numerator }}) / nullif({{ denominator }} + {{ other_denominator }}, 0))
            * greatest(
                1 - 1.0 * ({{ numerator }} + {{ other_numerator }})
                / nullif({{ denominator }} + {{ other_denominator }}, 0),
                0
            )
            * (1.0 / nullif({{ denominator }}, 0) + 1.0 / nullif({{ other_denominator }}, 0))
        )
    )
{%- endmacro %}


{# Whether a share of 0 to 1 that is taken as fixed lies outside the 95 per cent interval of Wilson around a share
   that was counted. Null where the denominator is 0. #}
{% macro is_outside_wilson(numerator, denominator, fixed_share) -%}
    (
        abs({{ fixed_share }} - (
            (1.0 * {{ numerator }} + {{ z_of_95_percent() }} * {{ z_of_95_percent() }} / 2)
            / nullif({{ denominator }} + {{ z_of_95_percent() }} * {{ z_of_95_percent() }}, 0)
        ))
        > {{ z_of_95_percent() }} * sqrt(
            1.0 * {{ numerator }} * greatest({{ denominator }} - {{ numerator }}, 0) / nullif({{ denominator }}, 0)
            + {{ z_of_95_percent() }} * {{ z_of_95_percent() }} / 4
        ) / nullif({{ denominator }} + {{ z_of_95_percent() }} * {{ z_of_95_percent() }}, 0)
    )
{%- endmacro %}


{# Lower or upper end of the 95 per cent interval of Wilson around a share that was counted, in per cent, 0 to 100:
   `sign` is - or +. Null where the denominator is 0. #}
{% macro wilson_limit(numerator, denominator, sign) -%}
    case
        when {{ denominator }} > 0
            then
                least(greatest(
                    100.0 * (
                        1.0 * {{ numerator }} + {{ z_of_95_percent() }} * {{ z_of_95_percent() }} / 2
                        {{ sign }} {{ z_of_95_percent() }} * sqrt(
                            1.0 * {{ numerator }} * ({{ denominator }} - {{ numerator }}) / {{ denominator }}
                            + {{ z_of_95_percent() }} * {{ z_of_95_percent() }} / 4
                        )
                    ) / ({{ denominator }} + {{ z_of_95_percent() }} * {{ z_of_95_percent() }}),
                    0
                ), 100)
    end
{%- endmacro %}
