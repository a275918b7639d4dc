with source as (
    select *
    from {{ source('comparators', 'comparator_neighbour') }}
),

renamed as (
    select
        publisher,
        release,
        file as source_file,
        la_code,
        rank as neighbour_rank,
        neighbour_code
    from source
)

select *
from renamed
