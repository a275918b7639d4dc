with latest_reviews as (
    select
        reviews.cppr_cp_plan_id,
        reviews.cppr_cp_review_outcome_continue_cp,
        row_number() over (
            partition by reviews.cppr_cp_plan_id
            order by
                reviews.cppr_cp_review_date desc,
                try_cast(reviews.cppr_cp_review_id as bigint) desc nulls last,
                reviews.cppr_cp_review_id desc
        ) as recency
    from ssd_cp_reviews as reviews
    cross join this_drop
    where reviews.cppr_cp_review_date <= this_drop.month_end
)

select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
inner join latest_reviews
    on
        plans.cppl_cp_plan_id = latest_reviews.cppr_cp_plan_id
        and latest_reviews.recency = 1
cross join this_drop
where
    latest_reviews.cppr_cp_review_outcome_continue_cp = 'N'
    and (plans.cppl_cp_plan_end_date is null or plans.cppl_cp_plan_end_date > this_drop.month_end)
