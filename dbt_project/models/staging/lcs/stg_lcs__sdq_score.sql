with source as (
    {{ rows_of_this_extract('ssd_sdq_scores') }}
),

renamed as (
    select
        la_code,
        extract_month,
        csdq_table_id as sdq_id,
        csdq_person_id as child_id,
        csdq_sdq_completed_date as completed_date,
        csdq_sdq_reason as reason_code,
        csdq_sdq_score as score_text
    from source
)

select *
from renamed
