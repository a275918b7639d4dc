with given as (
    select
        la_code,
        mid_year,
        population,
        first_month_used
    from {{ source('local', 'reference_population') }}
),

published as (
    select
        la_code,
        mid_year,
        population,
        first_month_used
    from {{ source('local', 'published_population') }}
),

shipped as (
    select
        la_code,
        mid_year,
        population,
        first_month_used
    from {{ ref('shipped_population') }}
),

own as (
    {{ own_before_shipped('given', 'published', ['la_code', 'mid_year']) }}
),

final as (
    {{ own_before_shipped('own', 'shipped', ['la_code', 'mid_year']) }}
)

select *
from final
