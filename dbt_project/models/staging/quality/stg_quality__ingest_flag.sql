with source as (
    {{ rows_of_this_extract('dq_issue', source_name='ingest') }}
),

renamed as (
    select
        la_code,
        extract_month,
        rule,
        object,
        column_name,
        record_key,
        child_id,
        source_file,
        line_number
    from source
)

select *
from renamed
