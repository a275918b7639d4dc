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
    from {{ ref('int_plan') }}
    where plan_type = 'cp' and not is_other_authority and start_date is not null
),

cla_reviews as (
    select *
    from {{ ref('int_cla_review') }}
    where is_counted
),

cp_reviews as (
    select *
    from {{ ref('int_cp_review') }}
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
    from cla_reviews
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
    from cp_reviews
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
),

gaps as (
    select
        *,
        last_day({{ midpoint('held_date', 'next_due_date') }}) as midpoint_month,
        coalesce(
            lead(held_date) over (
                partition by la_code, extract_month, context, chain_id
                order by held_date
            ),
            {{ end_of_time() }}
        ) as next_held_date
    from held
),

gaps_of_month as (
    {{ in_each_month('gaps', 'months.month = gaps.midpoint_month') }}
),

-- those of the periods of care and of the plans that are open at the month end
open_gaps as (
    select gaps_of_month.*
    from gaps_of_month
    inner join looked_after
        on
            gaps_of_month.la_code = looked_after.la_code
            and gaps_of_month.extract_month = looked_after.extract_month
            and gaps_of_month.month = looked_after.month
            and gaps_of_month.child_id = looked_after.child_id
            and gaps_of_month.chain_id = looked_after.period_of_care_id
    where gaps_of_month.context = 'cla'
    union all
    select gaps_of_month.*
    from gaps_of_month
    inner join cp_plans
        on
            gaps_of_month.la_code = cp_plans.la_code
            and gaps_of_month.extract_month = cp_plans.extract_month
            and gaps_of_month.chain_id = cp_plans.plan_id
            and {{ is_open_on('cp_plans.start_date', 'cp_plans.end_date', 'gaps_of_month.month') }}
    where gaps_of_month.context = 'cp'
),

-- a check is expected if the next review was not held by the middle
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
            and open_gaps.next_held_date > contacts.contact_date
    where open_gaps.next_held_date > {{ midpoint('open_gaps.held_date', 'open_gaps.next_due_date') }}
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
