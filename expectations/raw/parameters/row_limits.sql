-- How many rows an object may have. The expected number is the median of the last three fit drops, each with the
-- rows that the months since should have added: the lesser of two steps, so that a single odd drop does not count.
-- Each month since the last fit drop allows a fall to 0.9 and a rise to 2 times the expected number, and chance
-- allows 2 square roots of the number. Judged from 20 expected rows on.
with counts_before as (
    select
        files.object,
        date_diff('month', drops.extract_month, date '{extract_month}') as months_ago,
        strftime(drops.extract_month, '%Y-%m') as month_name,
        cast(sum(files.rows_loaded) as bigint) as rows_then
    from compared.last_fit_drops as drops
    inner join raw.drop_file as files
        on
            drops.la_code = files.la_code
            and drops.extract_month = files.extract_month
            and drops.attempted_at = files.attempted_at
    group by files.object, drops.extract_month
),

steps as (
    select
        object,
        (rows_then - lag(rows_then) over drops) / (lag(months_ago) over drops - months_ago) as rows_a_month
    from counts_before
    window drops as (partition by object order by months_ago desc)
),

growth as (
    select
        object,
        case when count(rows_a_month) >= 2 then greatest(min(rows_a_month), 0) else 0 end as rows_a_month
    from steps
    group by object
),

expected as (
    select
        counts_before.object,
        median(counts_before.rows_then + counts_before.months_ago * growth.rows_a_month) as expected_rows,
        min(counts_before.months_ago) as months,
        string_agg(
            format('{:,}', counts_before.rows_then) || ' in ' || counts_before.month_name,
            ', ' order by counts_before.months_ago desc
        ) as rows_before
    from counts_before
    inner join growth
        on counts_before.object = growth.object
    group by counts_before.object
)

select
    object,
    cast(ceil(expected_rows * power(0.9, months) - 2 * sqrt(expected_rows)) as bigint) as fewest_rows,
    cast(floor(expected_rows * power(2, months) + 2 * sqrt(expected_rows)) as bigint) as most_rows,
    rows_before
from expected
where
    expected_rows >= 20
    -- a list that comes when it changes is not in every drop
    and (
        object not in (select versions.object from raw.list_version as versions where versions.counts_until_next)
        or object in (select files.object from compared.loaded_files as files)
    )
