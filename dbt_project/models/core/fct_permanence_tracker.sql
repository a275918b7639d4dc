with cases as (
    select
        *,
        {{ last_known_day('identified_date', 'closed_date') }} as team_date
    from {{ ref('stg_local__permanence_tracker') }}
),

cases_by_team as (
    {{ with_team_on('cases', 'team_date') }}
),

final as (
    select
        la_code,
        child_id,
        plan_text as plan_code,
        identified_date,
        filing_due_date,
        filed_date,
        court_date,
        order_date,
        closed_date,
        {{ tracker_stage('extract_month') }} as stage_code,
        team_name,
        locality_name,
        extract_month
    from cases_by_team
)

select *
from final
