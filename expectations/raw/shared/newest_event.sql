-- the newest event, in tables busy enough to judge: by chance a month without any would be one in 20,000
with events as (
    select {event_date} as event_date
    from this_partition
    where {event_date} <= date '{extract_month}'
),

newest as (
    select max(event_date) as event_date
    from events
)

select
    case
        when count(*) filter (where events.event_date > newest.event_date - interval 12 month) >= 120
            then max(newest.event_date)
    end as newest_date,
    'none between ' || (max(newest.event_date) + 1) || ' and {extract_month}' as newest_date_detail
from events
cross join newest
