with reviews as (
    select
        *,
        {{ id_order('review_id') }} as id_sort_key
    from {{ ref('stg_lcs__cp_review') }}
),

plans as (
    select *
    from {{ ref('stg_lcs__cp_plan') }}
),

reviews_of_plans as (
    select
        reviews.la_code,
        reviews.extract_month,
        reviews.review_id,
        reviews.id_sort_key,
        reviews.plan_id,
        coalesce(plans.child_id, reviews.child_id) as child_id,
        reviews.held_date,
        reviews.local_due_date,
        reviews.participation_code,
        coalesce(plans.is_other_authority, false) as is_other_authority,
        {{ first_cp_review_due('plans.start_date') }} as first_due_date,
        case
            when reviews.held_date is null then 'Not held'
            when plans.plan_id is null then 'Plan not known'
            when plans.start_date is null or reviews.held_date <= plans.start_date then 'Not after the plan began'
        end as fault
    from reviews
    left join plans
        on
            reviews.la_code = plans.la_code
            and reviews.extract_month = plans.extract_month
            and reviews.plan_id = plans.plan_id
),

chained as (
    {{ review_chain('reviews_of_plans', 'plan_id', months_to_second=6) }}
),

final as (
    select
        la_code,
        extract_month,
        review_id,
        plan_id,
        child_id,
        is_other_authority,
        review_number,
        due_date,
        held_date,
        next_due_date,
        local_due_date,
        participation_code,
        is_counted,
        not_counted_reason
    from chained
)

select *
from final
