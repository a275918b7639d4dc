{% set case = {
    'event_id': tracker_case_id(),
    'due_date': 'filing_due_date',
    'codes': {'tracker_plan': 'plan_code', 'tracker_stage': 'stage_code'},
} %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

cases as (
    select *
    from {{ ref('fct_permanence_tracker') }}
),

open_cases as (
    {{ in_each_month('cases', is_open_on('cases.identified_date', 'cases.closed_date', 'months.month')) }}
),

stages as (
    select
        la_code,
        extract_month,
        month,
        child_id,
        plan_code,
        identified_date,
        filing_due_date,
        {{ tracker_stage('month') }} as stage_code
    from open_cases
),

cases_by_team as (
    {{ with_team_on('stages', 'month') }}
),

final as (
    {{ child_rows('cases_by_team', 'permanence_tracker_open', **case) }}
    union all
    {{ child_rows('cases_by_team', 'discharge_filing_overdue',
        where="plan_code = 'discharge_parent' and stage_code = 'date_passed'", **case) }}
)

select *
from final
