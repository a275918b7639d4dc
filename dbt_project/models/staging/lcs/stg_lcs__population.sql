with source as (
    select *
    from {{ source('lcs', 'population') }}
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
