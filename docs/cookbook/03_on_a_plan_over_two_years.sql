-- Question: Who has been on a child protection plan for over two years, and is the next review in time?
-- Reads: restricted/warehouse.duckdb, current_plan
-- Look out: the indicator of plans of two years or more counts plans that ended. These plans are still open, and
--   count in the months in which they end.
select
    team_name as team,
    child_id,
    start_date,
    duration_days,
    round(duration_days / 365.25, 1) as years,
    category_code,
    review_due_date,
    review_due_date <= extract_month as is_review_overdue
from current_plan
where
    la_code = '888'
    and plan_type = 'cp'
    and is_open
    and not is_other_authority
    and duration_days > 729
order by duration_days desc, child_id asc;
