-- Reviews of children looked after with their child and the first and last days of the period of care. The child is
-- null if the period is unknown.
select
    reviews.*,
    coalesce(reviews.clar_cla_review_cancelled, 'N') = 'Y' as is_cancelled,
    periods.clae_person_id,
    periods.first_day,
    periods.first_day_after
from ssd_cla_reviews as reviews
left join period_of_care as periods
    on reviews.clar_cla_id = periods.clae_cla_id
