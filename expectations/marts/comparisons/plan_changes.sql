-- Open plans of each kind that no indicator counts, this month and last. Judged if there were 20 plans or more. The
-- change is in per cent, less 2 square roots of the count.
with kinds as (
    select
        plan_type as kind,
        count(*) filter (where extract_month = date '{extract_month}') as count_now,
        count(*) filter (where extract_month = date '{last_month_end}') as count_then
    from core.fct_plan
    where
        la_code = '{la_code}'
        and extract_month in (date '{extract_month}', date '{last_month_end}')
        and plan_type not in ('cin', 'cp')
        and is_open
    group by plan_type
)

select
    100.0 * (abs(count_now - count_then) - 2 * sqrt(count_then)) / count_then as percent,
    kind || ' ' || count_now || ' after ' || count_then as finding
from kinds
where count_then >= 20
