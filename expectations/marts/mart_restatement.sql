with compared as (
    select
        indicator_id || ' ' || reported_numerator || ' reported, ' || restated_numerator || ' now' as found,
        -- a list that holds only the newest state of a child is overwritten month after month
        abs(restated_numerator - reported_numerator - coalesce(numerator_overwritten, 0))
        > greatest(0.1 * reported_numerator, 3 * sqrt(reported_numerator), 20) as is_far
    from marts.mart_restatement
    where
        la_code = '{la_code}'
        and area_type = 'authority'
        and month = date '{last_month_end}'
        and restated_extract_month = date '{extract_month}'
        and unit <> 'rate_per_10000'
)

select
    case when count(*) > 0 then count(*) filter (where is_far) end as figures_restated_far,
    string_agg(found, ', ' order by found) filter (where is_far) as figures_restated_far_detail
from compared
