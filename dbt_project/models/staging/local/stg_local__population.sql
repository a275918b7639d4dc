with source as (
    select *
    from {{ source('local', 'population') }}
),

renamed as (
    select
        la_code,
        mid_year,
        population,
        first_month_used
    from source
)

select *
from renamed
