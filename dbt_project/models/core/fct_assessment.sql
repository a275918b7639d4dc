with assessments as (
    select *
    from {{ ref('stg_lcs__assessment') }}
),

referrals as (
    select *
    from {{ ref('stg_lcs__referral') }}
),

-- counted from the referral, or from the start of the assessment where there is no referral date
clocks as (
    select
        assessments.*,
        referrals.referral_date,
        coalesce(referrals.referral_date, assessments.start_date) as clock_start_date
    from assessments
    left join referrals
        on
            assessments.la_code = referrals.la_code
            and assessments.extract_month = referrals.extract_month
            and assessments.referral_id = referrals.referral_id
),

clocks_with_parameters as (
    {{ with_parameters('clocks', 'clock_start_date', ['working_days_to_assessment']) }}
),

clocked as (
    {{ with_working_days_after(
        'clocks_with_parameters', 'clock_start_date', 'cohort.working_days_to_assessment', 'due_date'
    ) }}
),

clocked_by_team as (
    {{ with_team_of_record('clocked') }}
),

final as (
    select
        assessment_id,
        la_code,
        child_id,
        referral_id,
        referral_date,
        start_date,
        authorised_date,
        due_date,
        authorised_date <= due_date as is_on_time,
        child_seen_code,
        is_no_further_action,
        worker_id,
        team_name,
        locality_name,
        extract_month
    from clocked_by_team
)

select *
from final
