with reviews as (
    select
        *,
        {{ id_order('review_id') }} as id_sort_key
    from {{ ref('stg_lcs__cp_review') }}
),

cp_plans as (
    select *
    from {{ ref('stg_lcs__cp_plan') }}
),

reach as (
    select *
    from {{ ref('stg_ingest__drop_reach') }}
    where object = 'ssd_cp_reviews'
),

plans as (
    {{ with_parameters('cp_plans', 'start_date', ['months_to_first_cp_review']) }}
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
        reviews.meeting_id,
        reviews.is_quorate,
        coalesce(plans.is_other_authority, false) as is_other_authority,
        not coalesce(reach.is_every_event, true) or coalesce(plans.start_date < reach.complete_from, false) as is_cut,
        {{ add_months('plans.start_date', 'plans.months_to_first_cp_review') }} as first_due_date,
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
    left join reach
        on
            reviews.la_code = reach.la_code
            and reviews.extract_month = reach.extract_month
),

clocked as (
    {{ with_parameters('reviews_of_plans', 'held_date', ['months_between_cp_reviews']) }}
),

chained as (
    {{ review_chain('clocked', 'plan_id', 'months_between_cp_reviews', 'months_between_cp_reviews') }}
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
        meeting_id,
        is_quorate,
        is_counted,
        not_counted_reason
    from chained
)

select *
from final
