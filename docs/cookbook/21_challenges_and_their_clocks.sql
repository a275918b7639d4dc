-- Question: Which formal challenges are outstanding, and when do four weeks and 20 working days end for each?
-- Reads: restricted/warehouse.duckdb, current_challenge, dim_date
-- Look out: over four weeks is from the day after the 28 days end, as challenges_over_4_weeks counts it. An authority
--   may set another number of days. The team is that of the child on the day when the challenge was raised.
with outstanding as (
    select *
    from current_challenge
    where
        la_code = '888'
        and challenge_type in ('problem_resolution', 'management_alert')
        and raised_date <= extract_month
        and (resolved_date is null or resolved_date > extract_month)
),

clocks as (
    select
        outstanding.*,
        outstanding.raised_date + 28 as four_weeks_end,
        due_days.day as working_days_end
    from outstanding
    left join dim_date as raised_days
        on outstanding.raised_date = raised_days.day
    left join dim_date as due_days
        on raised_days.working_day_number + 20 = due_days.working_day_number and due_days.is_working_day
)

select
    locality_name as locality,
    team_name as team,
    challenge_type,
    context,
    category_code as subject,
    child_id,
    worker_id as reviewing_officer,
    raised_date,
    days_open,
    four_weeks_end,
    working_days_end,
    four_weeks_end < extract_month as is_over_four_weeks,
    four_weeks_end between extract_month and extract_month + 6 as is_over_within_a_week
from clocks
order by four_weeks_end asc, team asc, child_id asc;
