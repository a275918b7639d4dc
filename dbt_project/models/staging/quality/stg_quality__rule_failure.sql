with source as (
    {{ rows_of_this_extract('rule_failure', source_name='quality') }}
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
)

select *
from renamed
