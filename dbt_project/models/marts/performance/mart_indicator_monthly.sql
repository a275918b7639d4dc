with indicator_values as (
    select *
    from {{ ref('fct_indicator_value') }}
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

final as (
    select
        indicator_values.indicator_id,
        register.indicator_name,
        register.indicator_group,
        register.period,
        indicator_values.la_code,
        indicator_values.area_type,
        indicator_values.area_name,
        indicator_values.month,
        indicator_values.extract_month,
        indicator_values.basis,
        indicator_values.numerator,
        indicator_values.denominator,
        indicator_values.value,
        indicator_values.unit,
        case
            when indicator_values.numerator is null then 'not_available'
            when indicator_values.value is null then 'not_available'
            else 'shown'
        end as status
    from indicator_values
    inner join register
        on indicator_values.indicator_id = register.indicator_id
)

select *
from final
