select
    reviews.cppr_cp_review_id as record_key,
    reviews.cppr_person_id as child_id
from ssd_cp_reviews as reviews
inner join ssd_cp_plans as plans
    on reviews.cppr_cp_plan_id = plans.cppl_cp_plan_id
where reviews.cppr_cp_review_date <= plans.cppl_cp_plan_start_date
