with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

looked_after as (
    select *
    from {{ ref('int_looked_after_month_end') }}
),

plans as (
    select *
    from {{ ref('int_plan') }}
    where plan_type in ('cla_care', 'permanence')
),

immigration_statuses as (
    select *
    from {{ ref('stg_lcs__immigration_status') }}
    where immigration_status_text = 'UASC'
),

ceased_periods as (
    select *
    from {{ ref('int_ceased_period') }}
),

open_plans as (
    {{ in_each_month('plans', is_open_on('plans.start_date', 'plans.end_date', 'months.month')) }}
),

planned as (
    select
        la_code,
        extract_month,
        month,
        child_id,
        bool_or(plan_type = 'permanence') as has_permanence_plan
    from open_plans
    group by la_code, extract_month, month, child_id
),

open_statuses as (
    {{ in_each_month('immigration_statuses', is_open_on(
        'coalesce(immigration_statuses.start_date, months.month)', 'immigration_statuses.end_date', 'months.month'
    )) }}
),

unaccompanied as (
    select distinct
        la_code,
        extract_month,
        month,
        child_id
    from open_statuses
),

-- another period of care that had ceased by the month end, and not long before the present one began
returned as (
    select
        looked_after.la_code,
        looked_after.extract_month,
        looked_after.month,
        looked_after.child_id,
        max(ceased_periods.ceased_date) as last_ceased_date
    from looked_after
    inner join ceased_periods
        on
            looked_after.la_code = ceased_periods.la_code
            and looked_after.extract_month = ceased_periods.extract_month
            and looked_after.child_id = ceased_periods.child_id
            and looked_after.period_of_care_id is distinct from ceased_periods.period_of_care_id
            and {{ is_within('ceased_periods.valid_from', 'ceased_periods.valid_to', 'looked_after.month') }}
            and ceased_periods.ceased_date <= looked_after.in_care_since
            and {{ add_months('ceased_periods.ceased_date', 12) }} >= looked_after.in_care_since
    group by looked_after.la_code, looked_after.extract_month, looked_after.month, looked_after.child_id
),

states as (
    select
        looked_after.*,
        planned.child_id is not null as has_care_plan,
        coalesce(planned.has_permanence_plan, false) as has_permanence_plan,
        unaccompanied.child_id is not null as is_unaccompanied,
        returned.last_ceased_date,
        -- a second review, which decides on permanence, is due about then
        {{ add_months('looked_after.in_care_since', 4) }} as permanence_plan_due_date
    from looked_after
    {% for state in ['planned', 'unaccompanied', 'returned'] %}
    left join {{ state }}
        on
            looked_after.la_code = {{ state }}.la_code
            and looked_after.extract_month = {{ state }}.extract_month
            and looked_after.month = {{ state }}.month
            and looked_after.child_id = {{ state }}.child_id
    {% endfor %}
),

final as (
    {{ with_placement_on('states', 'month') }}
)

select *
from final
