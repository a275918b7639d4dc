with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

plans as (
    select *
    from {{ ref('fct_plan') }}
    where plan_type = 'cp' and not is_other_authority
),

open_plans as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        plans.child_id,
        plans.start_date,
        plans.category_code,
        row_number() over (
            partition by months.la_code, months.extract_month, months.month, plans.child_id
            order by plans.start_date, plans.id_sort_key
        ) as precedence
    from months
    inner join plans
        on
            months.la_code = plans.la_code
            and months.extract_month = plans.extract_month
            and {{ is_open_on('plans.start_date', 'plans.end_date', 'months.month') }}
),

children as (
    select *
    from open_plans
    where precedence = 1
),

children_by_team as (
    {{ with_team_on('children', 'month') }}
),

final as (
    {{ child_rows(
        'children_by_team', 'cp_plans_open',
        actual_date='start_date',
        codes={
            'cp_category': 'category_code',
            'cp_duration_band': duration_band('cp_duration_band', 'start_date', 'month'),
        }
    ) }}
    union all
    {{ child_rows('children_by_team', 'cp_plans_open_rate', actual_date='start_date') }}
    union all
    {{ child_rows(
        'children_by_team', 'cp_plans_open_under_3_months',
        is_in_numerator=add_months('start_date', 3) ~ ' > month',
        reason="'Plan open for 3 months or more'",
        actual_date='start_date',
        codes={'cp_category': 'category_code'}
    ) }}
    union all
    {{ child_rows(
        'children_by_team', 'cp_plans_open_3_6_months',
        is_in_numerator=add_months('start_date', 3) ~ ' <= month and ' ~ add_months('start_date', 6) ~ ' > month',
        reason="case
            when " ~ add_months('start_date', 3) ~ " > month then 'Plan open for less than 3 months'
            else 'Plan open for 6 months or more'
        end",
        actual_date='start_date',
        codes={'cp_category': 'category_code'}
    ) }}
    union all
    {{ child_rows(
        'children_by_team', 'cp_plans_open_over_24_months',
        is_in_numerator=add_months('start_date', 24) ~ ' <= month',
        reason="'Plan open for less than 24 months'",
        actual_date='start_date',
        codes={'cp_category': 'category_code'}
    ) }}
)

select *
from final
