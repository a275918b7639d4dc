with source as (
    select *
    from {{ source('ingest', 'drop') }}
),

renamed as (
    select distinct la_code
    from source
    where is_loaded
)

select *
from renamed
