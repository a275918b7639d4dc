with source as (
    {{ rows_of_this_extract('ssd_cla_reviews') }}
),

renamed as (
    select
        la_code,
        extract_month,
        clar_cla_review_id as review_id,
        clar_cla_id as period_of_care_id,
        clar_cla_review_due_date as local_due_date,
        clar_cla_review_date as held_date,
        clar_cla_review_cancelled = 'Y' as is_cancelled,
        clar_cla_review_participation as participation_code
    from source
)

select *
from renamed
