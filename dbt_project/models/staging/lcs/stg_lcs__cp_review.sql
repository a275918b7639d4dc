with source as (
    {{ rows_of_this_extract('ssd_cp_reviews') }}
),

renamed as (
    select
        la_code,
        extract_month,
        cppr_cp_review_id as review_id,
        cppr_person_id as child_id,
        cppr_cp_plan_id as plan_id,
        cppr_cp_review_due as local_due_date,
        cppr_cp_review_date as held_date,
        cppr_cp_review_meeting_id as meeting_id,
        cppr_cp_review_outcome_continue_cp = 'Y' as has_plan_continued,
        {{ yes_or_no('cppr_cp_review_quorate') }} as is_quorate,
        cppr_cp_review_participation as participation_code
    from source
)

select *
from renamed
