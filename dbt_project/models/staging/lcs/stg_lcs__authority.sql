with source as (
    select *
    from {{ source('lcs', 'drop') }}
),

renamed as (
    select distinct la_code
    from source
    where is_loaded
)

select *
from renamed
