-- Every cohort of the employment table with 2 shares or more: the difference between their sum and 100 %, in points.
with cohorts as (
    select abs(sum(value) - 100) as points
    from marts.mart_eet_plan
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and kind = 'table'
        and unit = 'percentage'
        and entry_number = 1
    group by cohort, period
    having
        count(*) >= 2
        and count(value) = count(*)
)

select
    points,
    round(points, 1) || ' points' as finding
from cohorts
