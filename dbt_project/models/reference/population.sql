with given as (
    select
        la_code,
        mid_year,
        population,
        first_month_used
    from {{ source('local', 'reference_population') }}
),

shipped as (
    select
        la_code,
        mid_year,
        population,
        first_month_used
    from {{ ref('shipped_population') }}
),

final as (
    {{ own_before_shipped('given', 'shipped', ['la_code', 'mid_year']) }}
)

select *
from final
