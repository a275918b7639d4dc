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
)

select *
from final
