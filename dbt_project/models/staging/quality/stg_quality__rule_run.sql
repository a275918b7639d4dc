with source as (
    {{ rows_of_this_extract('rule_run', source_name='quality') }}
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
)

select *
from renamed
