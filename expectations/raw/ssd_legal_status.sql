with dates as (
    select lega_legal_status_start_date as event_date
    from this_partition
    where lega_legal_status_start_date <= date '{extract_month}'
),

newest as (
    select max(event_date) as newest_date
    from dates
)

select
    row_change.row_change_percent,
    row_change.row_change_percent_detail,
    (
        select case when count(*) >= 120 then max(newest.newest_date) end
        from dates
        inner join newest
            on dates.event_date > newest.newest_date - interval 12 month
    ) as newest_date
from row_change
