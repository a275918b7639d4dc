-- Share of each reason among the children outside a numerator, this month and last. Judged from 50 children in both.
-- Points are the change less 2 standard errors.
with outside as (
    select
        indicator_id,
        reason,
        count(*) filter (where month = date '{extract_month}') as children_now,
        count(*) filter (where month = date '{last_month_end}') as children_then
    from indicators.fct_indicator_child
    where
        la_code = '{la_code}'
        and extract_month = month
        and month in (date '{extract_month}', date '{last_month_end}')
        and not is_in_numerator
        and reason is not null
    group by indicator_id, reason
),

shares as (
    select
        *,
        sum(children_now) over (partition by indicator_id) as all_now,
        sum(children_then) over (partition by indicator_id) as all_then
    from outside
)

select
    100 * abs(children_now / all_now - children_then / all_then)
    - 2 * 100 * sqrt(
        (children_now + children_then) / (all_now + all_then)
        * (1 - (children_now + children_then) / (all_now + all_then))
        * (1 / all_now + 1 / all_then)
    ) as points,
    indicator_id || ' "' || reason || '" ' || children_now || ' of ' || all_now || ', ' || children_then || ' of '
    || all_then || ' last month' as finding
from shares
where
    all_now >= 50
    and all_then >= 50
