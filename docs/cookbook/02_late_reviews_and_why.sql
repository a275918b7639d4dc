-- Question: Which reviews of looked-after children were late this year, by how much, and why?
-- Reads: restricted/warehouse.duckdb, fct_indicator_child, fct_review
-- Look out: the date of a review sets the due date of the next one, so one late review moves all that follow. Where
--   the case system had a later due date, its users had no warning.
with asked as (
    select
        '888' as la_code,
        max(extract_month) as month
    from fct_indicator_child
),

late as (
    select rows.*
    from fct_indicator_child as rows
    inner join asked
        on rows.la_code = asked.la_code and rows.month = asked.month
    where
        rows.indicator_id = 'cla_reviews_on_time'
        and rows.extract_month = rows.month
        and not rows.is_in_numerator
)

select
    late.area_name as team,
    late.child_id,
    reviews.review_number,
    late.due_date,
    late.actual_date as held_date,
    reviews.days_late,
    case
        when late.due_date is null then 'When it was due is not known'
        when reviews.local_due_date >= late.actual_date then 'The case system held a later date'
        when reviews.review_number = 1 then 'First review, due 20 working days after entering care'
        when reviews.review_number = 2 then 'Second review, due 3 months after the first'
        else 'Later review, due 6 months after the one before'
    end as why
from late
inner join fct_review as reviews
    on
        late.la_code = reviews.la_code
        and late.extract_month = reviews.extract_month
        and late.event_id = reviews.review_id
        and reviews.review_type = 'cla_review'
order by reviews.days_late desc, late.child_id asc;
