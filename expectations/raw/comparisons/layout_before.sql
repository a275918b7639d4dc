-- The layout of the last fit drop, where it is another one than that of this drop.
select
    'layout ' || drops.source_layout || ', ' || before.source_layout || ' in '
    || strftime(before.extract_month, '%Y-%m') as finding
from raw.drop as drops
inner join (
    select
        extract_month,
        coalesce(source_layout, 'ssd') as source_layout
    from raw.drop
    where
        la_code = '{la_code}'
        and extract_month < date '{extract_month}'
        and accepted
        and is_loaded
        and is_fit is not false
    order by extract_month desc
    limit 1
) as before
    on drops.source_layout <> before.source_layout
where
    drops.la_code = '{la_code}'
    and drops.extract_month = date '{extract_month}'
    and drops.is_loaded
