with source as (
    select *
    from {{ source('quality', 'rule') }}
),

renamed as (
    select
        rule,
        domain,
        official_codes,
        title,
        severity,
        object,
        threatens,
        why
    from source
)

select *
from renamed
