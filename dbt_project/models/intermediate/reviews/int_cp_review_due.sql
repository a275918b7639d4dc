with cp_plans as (
    select *
    from {{ ref('stg_lcs__cp_plan') }}
),

plans as (
    {{ with_parameters('cp_plans', 'start_date', ['months_to_first_cp_review']) }}
),

reviews as (
    select *
    from {{ ref('int_cp_review') }}
    where is_counted
),

final as (
    select
        plans.la_code,
        plans.extract_month,
        plans.plan_id,
        -- a later review has a later next due date, so the newest review has the latest one
        coalesce(
            max(reviews.next_due_date),
            max({{ add_months('plans.start_date', 'plans.months_to_first_cp_review') }})
        ) as review_due_date
    from plans
    left join reviews
        on
            plans.la_code = reviews.la_code
            and plans.extract_month = reviews.extract_month
            and plans.plan_id = reviews.plan_id
            and reviews.held_date <= plans.extract_month
    group by plans.la_code, plans.extract_month, plans.plan_id
)

select *
from final
