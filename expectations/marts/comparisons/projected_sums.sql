-- Every projection of the authority, with the sum of its teams and the sum of its localities.
with sums as (
    select
        indicator_id,
        area_type,
        sum(projected_numerator) as numerator,
        sum(projected_denominator) as denominator
    from marts.mart_projection
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
    group by indicator_id, area_type
)

select
    parts.numerator is distinct from wholes.numerator
    or parts.denominator is distinct from wholes.denominator as is_off,
    wholes.indicator_id as finding
from sums as wholes
inner join sums as parts
    on
        wholes.indicator_id = parts.indicator_id
        and parts.area_type <> 'authority'
where wholes.area_type = 'authority'
