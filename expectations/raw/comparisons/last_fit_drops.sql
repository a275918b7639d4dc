-- The last 3 drops of the authority that were fit, or whose findings were waived.
select
    la_code,
    extract_month,
    attempted_at
from raw.drop
where
    la_code = '{la_code}'
    and extract_month < date '{extract_month}'
    and accepted
    and is_loaded
    and is_fit is not false
order by extract_month desc
limit 3
