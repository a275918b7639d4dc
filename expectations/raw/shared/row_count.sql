with counts_before as (
    select
        date_diff('month', last_fit_drops.extract_month, date '{extract_month}') as months_ago,
        strftime(last_fit_drops.extract_month, '%Y-%m') as month_name,
        cast(sum(files.rows_loaded) as bigint) as rows_then
    from last_fit_drops
    inner join raw.drop_file as files
        on
            last_fit_drops.la_code = files.la_code
            and last_fit_drops.extract_month = files.extract_month
            and last_fit_drops.attempted_at = files.attempted_at
    where files.object = '{object}'
    group by last_fit_drops.extract_month
),

-- rows that a month adds: the least of two such steps, so that one odd drop of three does not make a growth
growth as (
    select case when count(rows_a_month) >= 2 then greatest(min(rows_a_month), 0) else 0 end as rows_a_month
    from (
        select
            (rows_then - lag(rows_then) over drops) / (lag(months_ago) over drops - months_ago) as rows_a_month
        from counts_before
        window drops as (order by months_ago desc)
    ) as steps
),

counts as (
    select
        (select count(*) from this_partition) as rows_now,
        median(counts_before.rows_then + counts_before.months_ago * growth.rows_a_month) as rows_expected,
        min(counts_before.months_ago) as months,
        string_agg(
            format('{:,}', counts_before.rows_then) || ' in ' || counts_before.month_name,
            ', ' order by counts_before.months_ago desc
        ) as told
    from counts_before
    cross join growth
),

-- what is left of the change past two square roots of the count: lists of few rows move by chance
changed as (
    select
        *,
        rows_expected
        + sign(rows_now - rows_expected)
        * greatest(abs(rows_now - rows_expected) - 2 * sqrt(rows_expected), 0) as rows_past_chance
    from counts
)

select
    case
        when rows_expected >= 20 then 100.0 * (power(rows_past_chance / rows_expected, 1.0 / months) - 1)
    end as row_change_percent,
    format('{:,}', rows_now) || ' {rows}; ' || told as row_change_percent_detail
from changed
