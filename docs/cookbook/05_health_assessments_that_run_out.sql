-- Question: Whose health assessment runs out next month, and what will the figure be if nothing is done?
-- Reads: restricted/warehouse.duckdb, fct_indicator_child
-- Look out: the figure assumes the children counted now. Children who leave care, or reach twelve months in it,
--   change the denominator.
with asked as (
    select
        '888' as la_code,
        'cla_health_assessment_up_to_date' as indicator_id,
        max(extract_month) as month
    from fct_indicator_child
),

children as (
    select
        rows.area_name as team,
        rows.child_id,
        rows.actual_date as last_assessment,
        rows.due_date,
        rows.is_in_numerator,
        rows.is_in_numerator and rows.due_date < last_day(rows.month + 1) as runs_out
    from fct_indicator_child as rows
    inner join asked
        on
            rows.la_code = asked.la_code
            and rows.indicator_id = asked.indicator_id
            and rows.month = asked.month
    where rows.extract_month = rows.month
)

select
    team,
    count(*) as children,
    count(*) filter (where runs_out) as run_out_next_month,
    round(100 * avg(is_in_numerator::integer), 1) as percent_now,
    round(100 * avg((is_in_numerator and not runs_out)::integer), 1) as percent_if_nothing_is_done,
    min(due_date) filter (where runs_out) as first_to_run_out
from children
group by team
order by run_out_next_month desc, team asc;
