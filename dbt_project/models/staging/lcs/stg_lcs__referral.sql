with source as (
    {{ rows_of_this_extract('ssd_cin_episodes') }}
),

renamed as (
    select
        la_code,
        extract_month,
        cine_referral_id as referral_id,
        cine_person_id as child_id,
        cine_referral_date as referral_date,
        cine_cin_primary_need_code as primary_need_code,
        cine_referral_source_code as source_code,
        cine_referral_nfa = 'Y' as is_no_further_action,
        cine_close_reason as close_reason_code,
        cine_close_date as close_date,
        cine_referral_team as team_id,
        cine_referral_worker_id as worker_id
    from source
)

select *
from renamed
