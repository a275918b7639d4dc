with source as (
    select *
    from {{ source('comparators', 'comparator_release') }}
),

renamed as (
    select
        publisher,
        release,
        published_date
    from source
)

select *
from renamed
