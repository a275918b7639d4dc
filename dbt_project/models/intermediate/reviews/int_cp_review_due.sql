with plans as (
    select *
    from {{ ref('stg_lcs__cp_plan') }}
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
        -- what is held later is due again later: the newest review has the last due date
        coalesce(max(reviews.next_due_date), {{ first_cp_review_due('max(plans.start_date)') }}) as review_due_date
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
