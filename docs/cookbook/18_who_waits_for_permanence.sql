-- Question: Which children wait for a plan for permanence, since when, and are they on the permanence tracker?
-- Reads: restricted/warehouse.duckdb, fct_indicator_child, current_period_of_care, current_review,
--   current_permanence_tracker
-- Look out: a child waits from four months in care on, when the second review is due, if no open care plan intends
--   permanence. Without a day of the second review, it has not been held or the reviews are not linked to the period.
with waiting as (
    select *
    from fct_indicator_child
    where
        la_code = '888'
        and indicator_id = 'cla_without_permanence_plan'
        and is_in_numerator
        and extract_month = month
        and month = (select max(newest.extract_month) from fct_indicator_child as newest)
),

second_reviews as (
    select
        periods.la_code,
        periods.child_id,
        max(reviews.held_date) as held_date
    from current_period_of_care as periods
    inner join current_review as reviews
        on
            periods.la_code = reviews.la_code
            and periods.child_id = reviews.child_id
            and periods.period_of_care_id = reviews.period_of_care_id
            and reviews.review_type = 'cla_review'
            and reviews.is_counted
            and reviews.review_number = 2
    where periods.is_open
    group by periods.la_code, periods.child_id
),

tracked as (
    select
        la_code,
        child_id,
        string_agg(distinct plan_code, ', ' order by plan_code) as plans,
        min(filing_due_date) as filing_due_date
    from current_permanence_tracker
    where
        identified_date <= extract_month
        and (closed_date is null or closed_date > extract_month)
    group by la_code, child_id
)

select
    waiting.area_name as team,
    waiting.child_id,
    waiting.due_date as four_months_in_care,
    date_diff('day', waiting.due_date, waiting.month) as days_waiting,
    second_reviews.held_date as second_review,
    tracked.plans as on_tracker_for,
    tracked.filing_due_date
from waiting
left join second_reviews
    on waiting.la_code = second_reviews.la_code and waiting.child_id = second_reviews.child_id
left join tracked
    on waiting.la_code = tracked.la_code and waiting.child_id = tracked.child_id
order by waiting.due_date asc, waiting.child_id asc;
