with source as (
    {{ rows_of_this_extract('drop', source_name='ingest') }}
),

renamed as (
    select
        la_code,
        extract_month,
        attempted_at,
        coalesce(source_layout, 'ssd') as source_layout
    from source
    where is_loaded
)

select *
from renamed
