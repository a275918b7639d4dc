-- Every indicator in the last but one release of a series, and every breakdown of one, and whether the last release has
-- it too. Releases of one publisher whose names differ only in their numbers are a series.
with releases as (
    select
        publisher,
        release,
        publisher || '/' || regexp_replace(release, '[0-9]+.*$', '') as series,
        list(distinct indicator_id || coalesce(' by ' || dimension, '')) as indicators,
        max(published_date) as published_date
    from core.fct_comparator
    where
        role = 'value'
        and is_comparable
    group by publisher, release
),

successions as (
    select
        release,
        indicators,
        row_number() over (partition by series order by published_date desc nulls first, release desc) as newest_first,
        lead(indicators) over (partition by series order by published_date desc nulls first, release desc)
            as indicators_before
    from releases
),

expected as (
    select
        release,
        indicators,
        unnest(indicators_before) as indicator_id
    from successions
    where newest_first = 1
)

select
    not list_contains(indicators, indicator_id) as is_missing,
    release || ' has no ' || indicator_id as finding
from expected
