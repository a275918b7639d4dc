{# A quotient rounded half upwards to a number of decimals, as papers print it. Numerator and denominator are whole
   numbers, not negative: 3.65 as a double is a little less than 3.65 and would round to 3.6. #}
{% macro rounded_half_up(numerator, denominator, decimals) -%}
    {{ floor_of_quotient(
        "2 * (" ~ numerator ~ ") * cast(pow(10, " ~ decimals ~ ") as bigint) + (" ~ denominator ~ ")",
        "2 * (" ~ denominator ~ ")"
    ) }} / pow(10, {{ decimals }})
{%- endmacro %}


{# The quotient of two whole numbers, rounded down; null where the second is 0. #}
{% macro floor_of_quotient(numerator, denominator) -%}
    (({{ numerator }}) // nullif({{ denominator }}, 0))
{%- endmacro %}


{# A published number in millionths, as a whole number: 63.400000000000006 and 63.4 become equal. #}
{% macro in_millionths(published) -%}
    cast(round({{ published }} * 1000000) as bigint)
{%- endmacro %}


{# Standard deviations on each side of the mean that contain 95 per cent of a normal distribution. #}
{% macro z_of_95_percent() -%}
    1.959963985
{%- endmacro %}


{# Whether two proportions differ by more than chance, at 95 per cent: z test with the pooled proportion. Null where a
   denominator is 0. False where both proportions are 0, or both are 1. #}
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


{# Whether a fixed proportion (0 to 1) lies outside the 95 per cent Wilson interval of a counted proportion. Null where
   the denominator is 0. #}
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


{# Lower (`sign` -) or upper (+) end of the 95 per cent Wilson interval of a counted percentage, 0 to 100. Null where
   the denominator is 0 or the numerator is greater. #}
{% macro wilson_limit(numerator, denominator, sign) -%}
    case
        when {{ denominator }} > 0 and {{ numerator }} <= {{ denominator }}
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


{# The dataset that a published measure is in, from its name `dataset.column`: counts of one dataset belong together.
   Measures of some layouts have no dataset. #}
{% macro dataset_of(measure) -%}
    case when {{ measure }} like '%.%' then split_part({{ measure }}, '.', 1) else '' end
{%- endmacro %}


{# Published figures that something may be compared with: not the methods for analysts, and not a gap of a release. #}
{% macro is_usable_figure() -%}
    method in ('as_published', 'from_counts', 'unweighted_mean')
    and status in ('value', 'suppressed', 'low_reliability', 'rounds_to_zero', 'too_few_neighbours')
{%- endmacro %}


{# Which of several releases with a figure goes first: the one that was published last. A paper that repeats a release
   ranks after it. #}
{% macro newest_release_first() -%}
    published_date desc nulls last,
    case when source_kind = 'printed' then 1 else 0 end asc,
    case when method = 'as_published' then 0 else 1 end asc,
    release desc,
    publisher asc
{%- endmacro %}


{# The code of a breakdown that a published figure is about, as one text; empty for the figure of the indicator. #}
{% macro breakdown_key(relation) -%}
    coalesce({{ relation }}.dimension || '=' || {{ relation }}.code, '')
{%- endmacro %}


{# What a published figure is compared with: the `share` of a code in a count, else the `value` of the indicator or the
   code. The unit of the first is a percentage. #}
{% macro compared_with(code, indicator_unit) -%}
    case when {{ code }} is not null and {{ indicator_unit }} = 'number' then 'share' else 'value' end
{%- endmacro %}
