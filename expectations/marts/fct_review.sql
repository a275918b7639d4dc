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
),

changes as (
    select
        kind || ' ' || count_now || ' after ' || count_then as found,
        100.0 * greatest(abs(count_now - count_then) - 2 * sqrt(count_then), 0) / count_then as percent
    from kinds
    where count_then >= 20
)

select
    max(percent) as reviews_change_percent,
    string_agg(found, ', ' order by percent desc, found) filter (where percent > 25) as reviews_change_percent_detail
from changes
