with source as (
    {{ rows_of_this_extract('drop_reach', source_name='ingest') }}
),

renamed as (
    select
        la_code,
        extract_month,
        object,
        title,
        complete_from,
        is_every_event,
        has_teams,
        basis
    from source
)

select *
from renamed
