with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

plans as (
    select
        la_code,
        extract_month,
        child_id,
        plan_id,
        start_date,
        category_code,
        is_repeat,
        previous_plan_end_date
    from {{ ref('fct_plan') }}
    where plan_type = 'cp' and not is_other_authority
),

started_plans as (
    {{ in_each_month('plans', 'plans.start_date between months.financial_year_start and months.month') }}
),

plans_by_team as (
    {{ with_team_on('started_plans', 'start_date') }}
),

plans_with_parameters as (
    {{ with_parameters('plans_by_team', 'month', ['months_to_repeat_cp_plan']) }}
),

final as (
    {{ child_rows(
        'plans_by_team', 'cp_plans_repeat',
        is_in_numerator='is_repeat',
        reason="'First plan of the child'",
        event_id='plan_id',
        actual_date='start_date',
        row_day='start_date',
        codes={'cp_category': 'category_code'}
    ) }}
    union all
    {{ child_rows(
        'plans_with_parameters', 'cp_plans_repeat_12_months',
        is_in_numerator=add_months('previous_plan_end_date', 'months_to_repeat_cp_plan') ~ ' >= start_date',
        reason="case
            when previous_plan_end_date is null then 'No earlier plan that has ended'
            else 'Last plan ended more than {months_to_repeat_cp_plan} months before'
        end",
        event_id='plan_id',
        actual_date='start_date',
        row_day='start_date',
        codes={'cp_category': 'category_code'}
    ) }}
    union all
    {{ child_rows(
        'plans_with_parameters', 'cp_plans_repeat_over_12_months',
        is_in_numerator=add_months('previous_plan_end_date', 'months_to_repeat_cp_plan') ~ ' < start_date',
        reason="case
            when previous_plan_end_date is null then 'No earlier plan that has ended'
            else 'Last plan ended {months_to_repeat_cp_plan} months before or less'
        end",
        event_id='plan_id',
        actual_date='start_date',
        row_day='start_date',
        codes={'cp_category': 'category_code'}
    ) }}
)

select *
from final
