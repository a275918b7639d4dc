with plans as (
    select *
    from {{ ref('stg_lcs__cp_plan') }}
),

reviews as (
    select *
    from {{ ref('stg_lcs__cp_review') }}
),

final as (
    select
        plans.la_code,
        plans.extract_month,
        plans.plan_id,
        coalesce(
            {{ add_months('max(reviews.held_date)', 6) }},
            {{ add_months('max(plans.start_date)', 3) }}
        ) as review_due_date
    from plans
    left join reviews
        on
            plans.la_code = reviews.la_code
            and plans.extract_month = reviews.extract_month
            and plans.plan_id = reviews.plan_id
            -- reviews on or before the start are not counted, nor what is dated after the month end
            and reviews.held_date > plans.start_date
            and reviews.held_date <= plans.extract_month
    group by plans.la_code, plans.extract_month, plans.plan_id
)

select *
from final
