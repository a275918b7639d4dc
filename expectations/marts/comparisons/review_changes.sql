-- Reviews of each kind in the 12 months before the month end, this month and last. Judged if there were 20 reviews or
-- more. The change is in per cent, less 2 square roots of the count.
with kinds as (
    select
        review_type as kind,
        count(*) filter (where extract_month = date '{extract_month}') as count_now,
        count(*) filter (where extract_month = date '{last_month_end}') as count_then
    from core.fct_review
    where
        la_code = '{la_code}'
        and extract_month in (date '{extract_month}', date '{last_month_end}')
        and held_date <= extract_month
        and held_date > extract_month - interval 12 month
    group by review_type
)

select
    100.0 * (abs(count_now - count_then) - 2 * sqrt(count_then)) / count_then as percent,
    kind || ' ' || count_now || ' after ' || count_then as finding
from kinds
where count_then >= 20
