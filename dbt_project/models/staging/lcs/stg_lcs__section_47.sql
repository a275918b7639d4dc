with source as (
    {{ rows_of_this_extract('ssd_s47_enquiry') }}
),

renamed as (
    select
        la_code,
        extract_month,
        s47e_s47_enquiry_id as section_47_id,
        s47e_referral_id as referral_id,
        s47e_person_id as child_id,
        s47e_s47_start_date as start_date,
        s47e_s47_end_date as end_date,
        s47e_s47_nfa = 'Y' as is_no_further_action,
        s47e_outcome_keys as outcome_keys,
        s47e_s47_completed_by_worker_id as worker_id,
        s47e_s47_completed_by_team as team_id
    from source
)

select *
from renamed
