{{ config(materialized='view') }}

with breakdowns as (
    select *
    from {{ ref('fct_indicator_breakdown') }}
    where area_type = 'authority'
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

dimensions as (
    select *
    from {{ ref('dimension') }}
    where not stays_restricted
),

codes as (
    select *
    from {{ ref('dimension_code') }}
),

final as (
    select
        breakdowns.indicator_id,
        register.indicator_name,
        register.indicator_group,
        register.period,
        breakdowns.la_code,
        breakdowns.area_type,
        breakdowns.area_name,
        breakdowns.month,
        breakdowns.extract_month,
        breakdowns.basis,
        breakdowns.dimension,
        dimensions.dimension_name,
        breakdowns.code,
        coalesce(codes.code_label, breakdowns.code) as code_label,
        codes.sort_order,
        breakdowns.numerator,
        breakdowns.denominator,
        breakdowns.value,
        breakdowns.share,
        register.unit,
        case when breakdowns.value is null then 'not_available' else 'shown' end as status
    from breakdowns
    inner join register
        on breakdowns.indicator_id = register.indicator_id
    inner join dimensions
        on breakdowns.dimension = dimensions.dimension
    left join codes
        on
            breakdowns.dimension = codes.dimension
            and breakdowns.code = codes.code
)

select *
from final
