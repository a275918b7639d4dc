with source as (
    {{ rows_of_this_extract('ssd_cin_assessments') }}
),

renamed as (
    select
        la_code,
        extract_month,
        cina_assessment_id as assessment_id,
        cina_person_id as child_id,
        cina_referral_id as referral_id,
        cina_assessment_start_date as start_date,
        cina_assessment_child_seen as child_seen_code,
        cina_assessment_auth_date as authorised_date,
        {{ yes_or_no('cina_assessment_outcome_nfa') }} as is_no_further_action,
        cina_assessment_team as team_id,
        cina_assessment_worker_id as worker_id
    from source
)

select *
from renamed
