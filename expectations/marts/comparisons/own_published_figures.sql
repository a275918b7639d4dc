-- Figures of the authority, from 30 children on, and the newest figure published about it that was known then, for the
-- month's year or the 2 years before.
select
    unit,
    abs(difference) as points,
    greatest(value, comparator_value) as greater,
    least(value, comparator_value) as lesser,
    indicator_id || ' ' || round(value, 1) || ', published ' || comparator_value as finding
from marts.mart_indicator_benchmark
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
    and area_type = 'authority'
    and comparator = 'own_published'
    and release_rule = 'as_known_then'
    and comparator_year_rule = 'latest_published_year'
    and years_apart <= 2
    and difference is not null
    and case unit when 'percentage' then denominator else numerator end >= 30
