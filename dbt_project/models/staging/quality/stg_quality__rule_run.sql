with source as (
    select *
    from {{ source('quality', 'rule_run') }}
),

renamed as (
    select
        la_code,
        extract_month,
        rule,
        outcome,
        reason as outcome_reason,
        rows_checked,
        rows_failed
    from source
    where extract_month = (select run.extract_month from {{ source('ingest', 'run') }} as run)
)

select *
from renamed
