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
        end_date,
        category_code,
        {{ day_before('end_date') }} as last_day
    from {{ ref('fct_plan') }}
    where plan_type = 'cp' and not is_other_authority
),

ended_plans as (
    {{ in_each_month('plans', 'plans.end_date between months.financial_year_start and months.month') }}
),

plans_by_team as (
    {{ with_team_on('ended_plans', 'last_day') }}
),

plans_with_parameters as (
    {{ with_parameters('plans_by_team', 'month', ['years_of_long_cp_plan']) }}
),

final as (
    {{ child_rows(
        'plans_with_parameters', 'cp_plans_ended_2_years',
        is_in_numerator=dbt.datediff('start_date', 'end_date', 'day') ~ ' + 1 >= 365 * years_of_long_cp_plan',
        reason="'Plan lasted less than {years_of_long_cp_plan} years'",
        event_id='plan_id',
        actual_date='end_date',
        row_day='last_day',
        codes={'cp_category': 'category_code'}
    ) }}
)

select *
from final
