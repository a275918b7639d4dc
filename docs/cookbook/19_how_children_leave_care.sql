-- Question: How do children leave care, and is it different from the year before?
-- Reads: restricted/warehouse.duckdb, fct_indicator_breakdown
-- Look out: both are counts of twelve months as reported, and the older months of one are in the other where there is
--   less than a year between them. A child who leaves twice counts twice.
with asked as (
    -- the oldest and the newest reported month
    select
        min(month) as earlier,
        max(month) as later
    from fct_indicator_breakdown
    where la_code = '888' and indicator_id = 'cla_ceased_12_months'
),

leavings as (
    select
        figures.code as how,
        coalesce(max(figures.numerator) filter (where figures.month = asked.earlier), 0) as before,
        coalesce(max(figures.numerator) filter (where figures.month = asked.later), 0) as now
    from fct_indicator_breakdown as figures
    cross join asked
    where
        figures.la_code = '888'
        and figures.area_type = 'authority'
        and figures.indicator_id = 'cla_ceased_12_months'
        and figures.dimension = 'ceased_reason_group'
        and figures.month in (asked.earlier, asked.later)
    group by figures.code
)

select
    how,
    before,
    now,
    now - before as change,
    round(100.0 * before / sum(before) over (), 1) as percent_before,
    round(100.0 * now / sum(now) over (), 1) as percent_now
from leavings
order by now desc, how asc;
