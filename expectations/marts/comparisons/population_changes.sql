-- Change of a rate's denominator since last month, in per cent.
select
    100.0 * abs(present.denominator - past.denominator) / past.denominator as percent,
    present.indicator_id || format(' {:.15g} after {:.15g}', present.denominator, past.denominator) as finding
from compared.figure_history as present
inner join compared.figure_history as past
    on present.indicator_id = past.indicator_id
where
    present.unit = 'rate_per_10000'
    and present.month = date '{extract_month}'
    and past.month = date '{last_month_end}'
    and past.denominator > 0
