with source as (
    {{ rows_of_list_in_force('local_conference_appeal') }}
),

renamed as (
    select
        la_code,
        in_force_month as extract_month,
        appeal_id,
        received_date,
        ground as ground_code,
        decided_date,
        outcome as outcome_code,
        upheld_reason as upheld_reason_code
    from source
)

select *
from renamed
