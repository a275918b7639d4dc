with shipped as (
    select
        indicator_id,
        parameter,
        la_code,
        first_month_used,
        parameter_value
    from {{ ref('shipped_indicator_parameter') }}
),

-- indicators that share a parameter have the same values
indicators as (
    select distinct
        indicator_id,
        parameter
    from shipped
),

given as (
    select
        indicators.indicator_id,
        numbers.parameter,
        numbers.la_code,
        numbers.first_month_used,
        cast(numbers.parameter_value as integer) as parameter_value
    from {{ source('local', 'reference_parameters') }} as numbers
    inner join indicators
        on numbers.parameter = indicators.parameter
),

final as (
    {{ own_before_shipped('given', 'shipped', ['parameter', 'la_code', 'first_month_used']) }}
)

select *
from final
