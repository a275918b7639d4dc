with source as (
    {{ rows_of_this_extract('ssd_involvements') }}
),

renamed as (
    select
        la_code,
        extract_month,
        invo_involvements_id as involvement_id,
        invo_professional_id as worker_id,
        invo_professional_role_id as role_code,
        invo_professional_team as team_id,
        invo_involvement_start_date as start_date,
        invo_involvement_end_date as end_date,
        invo_worker_change_reason as change_reason_code,
        invo_person_id as child_id,
        invo_referral_id as referral_id
    from source
)

select *
from renamed
