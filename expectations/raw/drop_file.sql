with other_drops as (
    select
        extract_month,
        attempted_at
    from raw.drop
    where
        la_code = '{la_code}'
        and extract_month <> date '{extract_month}'
        and is_loaded
        and is_fit is not false
),

same_files as (
    select
        other_drops.extract_month,
        count(*) as files
    from loaded_files
    inner join raw.drop_file as other_files
        on
            loaded_files.la_code = other_files.la_code
            and loaded_files.object = other_files.object
            and loaded_files.sha256 = other_files.sha256
    inner join other_drops
        on
            other_files.extract_month = other_drops.extract_month
            and other_files.attempted_at = other_drops.attempted_at
    group by other_drops.extract_month
),

same_months as (
    select
        count(*) as months,
        string_agg(strftime(extract_month, '%Y-%m'), ', ' order by extract_month) as names
    from same_files
    where files = (select count(*) from loaded_files)
),

rejected as (
    select
        file,
        100.0 * rows_rejected / rows_read as rejected_percent,
        rows_rejected || ' of ' || rows_read || ' rows of ' || file as found
    from loaded_files
    where rows_read >= 200
)

select
    case when (select sum(rows_read) from loaded_files) >= 200 then same_months.months end
        as same_as_other_months,
    'the same as ' || same_months.names as same_as_other_months_detail,
    (select max(rejected_percent) from rejected) as highest_rejected_percent,
    (
        select string_agg(found, ', ' order by rejected_percent desc)
        from rejected
        where rejected_percent > 1
    ) as highest_rejected_percent_detail
from same_months
