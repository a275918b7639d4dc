with given as (
    select
        la_code,
        indicator_id,
        first_month_used,
        target_value,
        amber_tolerance,
        target_source
    from {{ source('local', 'reference_targets') }}
),

shipped as (
    select
        la_code,
        indicator_id,
        first_month_used,
        target_value,
        amber_tolerance,
        target_source
    from {{ ref('shipped_indicator_target') }}
),

final as (
    {{ own_before_shipped('given', 'shipped', ['la_code', 'indicator_id', 'first_month_used']) }}
)

select *
from final
