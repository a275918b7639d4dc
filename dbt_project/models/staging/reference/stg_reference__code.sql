with source as (
    select *
    from {{ source('reference', 'code') }}
),

renamed as (
    select
        code_set,
        code,
        label
    from source
)

select *
from renamed
