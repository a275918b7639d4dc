-- The last 3 drops of the authority in the layout of this one that were fit, or whose findings were waived.
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
    and coalesce(source_layout, 'ssd') in (
        select coalesce(drops.source_layout, 'ssd')
        from raw.drop as drops
        where
            drops.la_code = '{la_code}'
            and drops.extract_month = date '{extract_month}'
            and drops.is_loaded
    )
order by extract_month desc
limit 3
