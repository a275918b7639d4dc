-- Share of last month's child rows, in per cent, whose record this drop no longer holds. Judged from 200 child rows on.
with reported as (
    select count(*) as child_rows
    from indicators.fct_indicator_child
    where
        la_code = '{la_code}'
        and month = date '{last_month_end}'
        and extract_month = month
),

withdrawn as (
    select count(distinct (indicator_id, child_id, unit_id)) as child_rows
    from indicators.fct_indicator_restatement
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and month = date '{last_month_end}'
        and cause = 'withdrawal'
)

select
    100.0 * withdrawn.child_rows / reported.child_rows as percent,
    withdrawn.child_rows || ' of ' || reported.child_rows || ' child rows' as finding
from reported
cross join withdrawn
where reported.child_rows >= 200
