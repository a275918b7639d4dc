-- Last month's figures of the authority, as reported and as this drop restates them. Indicators from a list that holds
-- only the newest state of a child are left out, because the authority overwrites it every month, and so are two
-- figures of different layouts.
select
    reported_numerator as reported,
    abs(restated_numerator - reported_numerator - coalesce(numerator_overwritten, 0)) as change,
    indicator_id || format(' {:.15g} reported, {:.15g} now', reported_numerator, restated_numerator) as finding
from marts.mart_restatement
where
    la_code = '{la_code}'
    and area_type = 'authority'
    and month = date '{last_month_end}'
    and restated_extract_month = date '{extract_month}'
    and unit <> 'rate_per_10000'
    and reported_source_layout = restated_source_layout
