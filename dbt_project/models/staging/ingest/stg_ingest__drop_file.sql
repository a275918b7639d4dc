with source as (
    {{ rows_of_this_extract('drop_file', source_name='ingest') }}
),

renamed as (
    select
        la_code,
        extract_month,
        attempted_at,
        object
    from source
)

select *
from renamed
