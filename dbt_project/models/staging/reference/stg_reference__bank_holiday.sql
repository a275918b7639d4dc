with source as (
    select *
    from {{ source('reference', 'bank_holiday') }}
),

renamed as (
    select holiday_date
    from source
)

select *
from renamed
