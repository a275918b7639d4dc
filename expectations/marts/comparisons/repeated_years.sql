-- Every indicator of a release with figures of two years running, for 3 areas or more: whether all areas have the same
-- figure in both years. The authority itself is left out, because it may know its own figure. Codes of breakdowns are
-- left out too: a rare one has the same figure everywhere.
with years as (
    select
        indicator_id,
        release,
        period_end,
        value,
        lag(value) over areas as value_before,
        lag(period_end) over areas as period_before
    from core.fct_published_figure
    where
        code is null
        and (geography_level <> 'local_authority' or geography_code <> '{la_code}')
        and value is not null
    window
        areas as (
            partition by indicator_id, publisher, release, geography_level, geography_code
            order by period_end
        )
)

select
    bool_and(value = value_before) as is_repeated,
    indicator_id || ' of ' || year(period_end) || ' in ' || release as finding
from years
where period_before = period_end - interval 1 year
group by indicator_id, release, period_end
having count(*) >= 3
