loaded_drop as (
    select
        la_code,
        extract_month,
        attempted_at
    from raw.drop
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and is_loaded
),

loaded_files as (
    select files.*
    from raw.drop_file as files
    inner join loaded_drop
        on
            files.la_code = loaded_drop.la_code
            and files.extract_month = loaded_drop.extract_month
            and files.attempted_at = loaded_drop.attempted_at
),

last_fit_drop as (
    select
        la_code,
        extract_month,
        attempted_at
    from raw.drop
    where
        la_code = '{la_code}'
        and extract_month < date '{extract_month}'
        and accepted
        and is_loaded
        and is_fit is not false
    order by extract_month desc
    limit 1
),

rows_before as (
    select
        last_fit_drop.extract_month,
        sum(files.rows_loaded) as rows_before,
        date_diff('month', last_fit_drop.extract_month, date '{extract_month}') as months
    from raw.drop_file as files
    inner join last_fit_drop
        on
            files.la_code = last_fit_drop.la_code
            and files.extract_month = last_fit_drop.extract_month
            and files.attempted_at = last_fit_drop.attempted_at
    where files.object = '{object}'
    group by last_fit_drop.extract_month
),

row_change as (
    select
        case
            when rows_before.rows_before >= 200
                then 100.0 * (power(present.rows_now / rows_before.rows_before, 1.0 / rows_before.months) - 1)
        end as row_change_percent,
        present.rows_now || ' rows, ' || rows_before.rows_before || ' in '
        || strftime(rows_before.extract_month, '%Y-%m') as row_change_percent_detail
    from (
        select count(*) as rows_now
        from this_partition
    ) as present
    left join rows_before
        on true
),

-- the newest event, in tables busy enough to judge: by chance a month without any would be one in 20,000
events as (
    select cast({event_date} as date) as event_date
    from this_partition
    where cast({event_date} as date) <= date '{extract_month}'
),

newest_event as (
    select
        case
            when count(*) filter (where events.event_date > newest.event_date - interval 12 month) >= 120
                then max(newest.event_date)
        end as newest_date
    from events
    cross join (
        select max(event_date) as event_date
        from events
    ) as newest
)
