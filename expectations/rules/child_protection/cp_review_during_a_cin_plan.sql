select
    reviews.cppr_cp_review_id as record_key,
    reviews.cppr_person_id as child_id
from ssd_cp_reviews as reviews
left join ssd_cp_plans as plans
    on reviews.cppr_cp_plan_id = plans.cppl_cp_plan_id
where
    -- the review that ends the protection plan may be held during the plan that follows
    reviews.cppr_cp_review_date is distinct from plans.cppl_cp_plan_end_date
    and exists (
        select 1
        from ssd_cin_plans as cin_plans
        where
            cin_plans.cinp_person_id = reviews.cppr_person_id
            and cin_plans.cinp_cin_plan_start_date < reviews.cppr_cp_review_date
            and (
                cin_plans.cinp_cin_plan_end_date is null
                or cin_plans.cinp_cin_plan_end_date > reviews.cppr_cp_review_date
            )
    )
