-- Share of the authority's charted indicators that are a special cause, in per cent. Judged from 10 charted indicators
-- on.
select
    100.0 * count(*) filter (where signal = 'special_cause') / count(*) as percent,
    string_agg(indicator_id, ', ' order by indicator_id) filter (where signal = 'special_cause') as finding
from marts.mart_indicator_signal
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
    and area_type = 'authority'
    and signal in ('special_cause', 'common_variation')
having count(*) >= 10
