with source as (
    select *
    from {{ source('quality', 'rule_failure') }}
),

renamed as (
    select
        la_code,
        extract_month,
        rule,
        object,
        record_key,
        child_id
    from source
    where extract_month = (select run.extract_month from {{ source('ingest', 'run') }} as run)
)

select *
from renamed
