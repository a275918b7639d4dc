with source as (
    {{ lists_in_force() }}
),

renamed as (
    select
        la_code,
        extract_month,
        object,
        list_month
    from source
)

select *
from renamed
