with cases as (
    select *
    from {{ ref('stg_lcs__pre_proceedings') }}
),

-- the panel that steps down or issues ends pre-proceedings, and so does the letter of issue
ended as (
    select
        *,
        least(stepdown_or_issue_date, issue_letter_date) as ended_date
    from cases
),

dated as (
    select
        *,
        {{ last_known_day('decision_date', 'ended_date') }} as team_date
    from ended
),

dated_by_team as (
    {{ with_team_on('dated', 'team_date') }}
),

final as (
    select
        pre_proceedings_id,
        family_id,
        la_code,
        child_id,
        decision_date,
        first_meeting_date,
        letter_date,
        ended_date,
        outcome,
        gateway_outcome,
        team_name,
        locality_name,
        extract_month
    from dated_by_team
)

select *
from final
