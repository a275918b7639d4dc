with cohorts as (
    select
        cohort,
        period,
        abs(sum(value) - 100) as points_from_the_whole
    from this_partition
    where
        kind = 'table'
        and unit = 'percentage'
        and entry_number = 1
    group by cohort, period
    having
        count(*) >= 2
        and count(value) = count(*)
)

select
    max(points_from_the_whole) as points_from_the_whole,
    count(*) filter (where points_from_the_whole > 2) || ' of ' || count(*) || ' cohorts'
    as points_from_the_whole_detail
from cohorts
