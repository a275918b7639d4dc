-- The newest of the last fit drops.
select
    *,
    strftime(extract_month, '%Y-%m') as month_name,
    date_diff('month', extract_month, date '{extract_month}') as months_ago
from compared.last_fit_drops
order by extract_month desc
limit 1
