with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

plans as (
    select *
    from {{ ref('fct_plan') }}
),

looked_after as (
    select *
    from {{ ref('int_looked_after_month_end') }}
),

open_plans as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        plans.plan_type,
        plans.child_id,
        plans.plan_id,
        plans.id_sort_key,
        plans.start_date,
        plans.team_name,
        plans.locality_name
    from months
    inner join plans
        on
            months.la_code = plans.la_code
            and months.extract_month = plans.extract_month
            and {{ is_open_on('plans.start_date', 'plans.end_date', 'months.month') }}
),

-- another authority's plan keeps a child out too
on_cp_plan as (
    select distinct
        la_code,
        extract_month,
        month,
        child_id
    from open_plans
    where plan_type = 'cp'
),

-- where two plans are open, the earliest gives the team and the duration
cin_plans as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, month, child_id
            order by start_date, id_sort_key
        ) as precedence
    from open_plans
    where plan_type = 'cin'
),

children as (
    select cin_plans.*
    from cin_plans
    left join on_cp_plan
        on
            cin_plans.la_code = on_cp_plan.la_code
            and cin_plans.extract_month = on_cp_plan.extract_month
            and cin_plans.month = on_cp_plan.month
            and cin_plans.child_id = on_cp_plan.child_id
    left join looked_after
        on
            cin_plans.la_code = looked_after.la_code
            and cin_plans.extract_month = looked_after.extract_month
            and cin_plans.month = looked_after.month
            and cin_plans.child_id = looked_after.child_id
    where
        cin_plans.precedence = 1
        and on_cp_plan.child_id is null
        and looked_after.child_id is null
),

children_with_parameters as (
    {{ with_parameters('children', 'month', ['months_of_new_cin_plan', 'months_of_long_cin_plan']) }}
),

final as (
    {{ child_rows(
        'children', 'cin_plans_open',
        actual_date='start_date',
        codes={'cin_duration_band': duration_band('cin_duration_band', 'start_date', 'month')}
    ) }}
    union all
    {{ child_rows('children', 'cin_plans_open_rate', actual_date='start_date') }}
    union all
    {{ child_rows(
        'children_with_parameters', 'cin_plans_open_0_3_months',
        is_in_numerator=add_months('start_date', 'months_of_new_cin_plan') ~ ' >= month',
        reason="'Plan open for more than {months_of_new_cin_plan} months'",
        actual_date='start_date'
    ) }}
    union all
    {{ child_rows(
        'children_with_parameters', 'cin_plans_open_over_12_months',
        is_in_numerator=add_months('start_date', 'months_of_long_cin_plan') ~ ' < month',
        reason="'Plan open for {months_of_long_cin_plan} months or less'",
        actual_date='start_date'
    ) }}
)

select *
from final
