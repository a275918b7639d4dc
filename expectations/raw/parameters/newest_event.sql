-- The newest event must be after this day: the extract day of the month before. For an object whose events stop in
-- holidays it is the extract day of the month before that (event_after_in_term_time). Judged if the 12 months before
-- the newest event have 120 events or more: with ten a month, a month has none by chance once in twenty thousand
-- months.
with events as (
    select {event_date} as event_date
    from {table}
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and {event_date} <= date '{extract_month}'
),

newest as (
    select max(event_date) as event_date
    from events
),

busy as (
    select
        max(newest.event_date) as newest_date,
        count(*) filter (where events.event_date > newest.event_date - interval 12 month) >= 120 as is_busy
    from events
    cross join newest
)

select
    '{object}' as object,
    case when is_busy then date '{last_extract_day}' end as event_after,
    case when is_busy then date '{last_but_one_extract_day}' end as event_after_in_term_time,
    'none between ' || cast(newest_date + 1 as date) || ' and {extract_month}' as events_missing
from busy
