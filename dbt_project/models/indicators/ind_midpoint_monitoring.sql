{% set check = {
    'is_in_numerator': 'last_check_date is not null',
    'reason': "'No check recorded'",
    'event_id': 'event_id',
    'due_date': 'next_due_date',
    'actual_date': 'last_check_date',
} %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

looked_after as (
    select *
    from {{ ref('int_looked_after_month_end') }}
),

cp_plans as (
    select *
    from {{ ref('fct_plan') }}
    where plan_type = 'cp' and not is_other_authority
),

reviews as (
    select *
    from {{ ref('fct_review') }}
    where is_counted and not is_other_authority
),

contacts as (
    select *
    from {{ ref('fct_iro_contact') }}
),

plans as (
    {{ with_parameters('cp_plans', 'start_date', ['months_to_first_cp_review']) }}
),

-- reviews of a period of care or of a plan; a plan begins with a time without one
held as (
    select
        la_code,
        extract_month,
        'cla' as context,
        period_of_care_id as chain_id,
        child_id,
        review_id as event_id,
        held_date,
        next_due_date
    from reviews
    where review_type = 'cla_review'
    union all
    select
        la_code,
        extract_month,
        'cp' as context,
        plan_id as chain_id,
        child_id,
        review_id as event_id,
        held_date,
        next_due_date
    from reviews
    where review_type = 'cp_review'
    union all
    select
        la_code,
        extract_month,
        'cp' as context,
        plan_id as chain_id,
        child_id,
        plan_id as event_id,
        start_date as held_date,
        {{ add_months('start_date', 'months_to_first_cp_review') }} as next_due_date
    from plans
    where start_date is not null
),

gaps as (
    select
        *,
        {{ midpoint('held_date', 'next_due_date') }} as midpoint_date,
        lead(held_date) over (
            partition by la_code, extract_month, context, chain_id
            order by held_date
        ) as next_held_date
    from held
),

gaps_of_month as (
    {{ in_each_month('gaps', 'gaps.midpoint_date between months.month_start and months.month') }}
),

-- the gaps of the periods of care and of the plans that are open at the month end
open_gaps as (
    select gaps_of_month.*
    from gaps_of_month
    left join looked_after
        on
            gaps_of_month.context = 'cla'
            and gaps_of_month.la_code = looked_after.la_code
            and gaps_of_month.extract_month = looked_after.extract_month
            and gaps_of_month.month = looked_after.month
            and gaps_of_month.child_id = looked_after.child_id
            and gaps_of_month.chain_id = looked_after.period_of_care_id
    left join cp_plans
        on
            gaps_of_month.context = 'cp'
            and gaps_of_month.la_code = cp_plans.la_code
            and gaps_of_month.extract_month = cp_plans.extract_month
            and gaps_of_month.chain_id = cp_plans.plan_id
            and {{ is_open_on('cp_plans.start_date', 'cp_plans.end_date', 'gaps_of_month.month') }}
    where
        coalesce(gaps_of_month.next_held_date > gaps_of_month.midpoint_date, true)
        and coalesce(looked_after.child_id, cp_plans.child_id) is not null
),

checked as (
    select
        open_gaps.la_code,
        open_gaps.extract_month,
        open_gaps.month,
        open_gaps.child_id,
        open_gaps.context,
        open_gaps.event_id,
        open_gaps.next_due_date,
        max(contacts.contact_date) as last_check_date
    from open_gaps
    left join contacts
        on
            open_gaps.la_code = contacts.la_code
            and open_gaps.extract_month = contacts.extract_month
            and open_gaps.child_id = contacts.child_id
            and open_gaps.context = contacts.context
            and open_gaps.held_date < contacts.contact_date
            and open_gaps.month >= contacts.contact_date
            and coalesce(open_gaps.next_held_date > contacts.contact_date, true)
    group by
        open_gaps.la_code, open_gaps.extract_month, open_gaps.month, open_gaps.child_id, open_gaps.context,
        open_gaps.event_id, open_gaps.next_due_date
),

checked_by_team as (
    {{ with_team_on('checked', 'month') }}
),

final as (
    {{ child_rows(
        'checked_by_team', 'midpoint_monitoring_cla',
        unit_id="'cla/' || event_id",
        where="context = 'cla'",
        **check
    ) }}
    union all
    {{ child_rows(
        'checked_by_team', 'midpoint_monitoring_cp',
        unit_id="'cp/' || event_id",
        where="context = 'cp'",
        **check
    ) }}
)

select *
from final
