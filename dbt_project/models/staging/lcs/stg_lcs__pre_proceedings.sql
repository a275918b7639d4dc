with source as (
    {{ rows_of_this_extract('ssd_pre_proceedings') }}
),

renamed as (
    select
        la_code,
        extract_month,
        prep_table_id as pre_proceedings_id,
        prep_plo_family_id as family_id,
        prep_person_id as child_id,
        prep_pre_pro_decision_date as decision_date,
        prep_initial_pre_pro_meeting_date as first_meeting_date,
        prep_pre_pro_letter_date as letter_date,
        prep_care_pro_letter_date as issue_letter_date,
        prep_pre_pro_outcome as outcome,
        prep_legal_gateway_outcome as gateway_outcome,
        prep_agree_stepdown_issue_date as stepdown_or_issue_date
    from source
)

select *
from renamed
