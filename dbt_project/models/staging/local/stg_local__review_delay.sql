with source as (
    {{ rows_of_list_in_force('local_review_delay') }}
),

renamed as (
    select
        la_code,
        in_force_month as extract_month,
        review_type,
        review_id,
        reason as late_reason_code
    from source
)

select *
from renamed
