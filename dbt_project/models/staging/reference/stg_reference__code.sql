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
    -- other spellings of a code are read as the code
    where coalesce(spelling, code) = code
)

select *
from renamed
