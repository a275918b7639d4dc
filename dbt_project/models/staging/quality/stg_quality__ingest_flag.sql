with source as (
    select *
    from {{ source('ingest', 'dq_issue') }}
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
    where extract_month = (select run.extract_month from {{ source('ingest', 'run') }} as run)
)

select *
from renamed
