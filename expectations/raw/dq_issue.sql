with flagged as (
    select
        object,
        rule,
        column_name,
        extract_month,
        count(*) as flagged_rows
    from raw.dq_issue
    where
        la_code = '{la_code}'
        and extract_month in (
            select extract_month from loaded_drop
            union all
            select extract_month from last_fit_drop
        )
    group by object, rule, column_name, extract_month
),

files_now as (
    select
        object,
        rows_loaded
    from loaded_files
    where rows_loaded >= 200
),

files_then as (
    select
        files.object,
        files.extract_month,
        files.rows_loaded
    from raw.drop_file as files
    inner join last_fit_drop
        on
            files.la_code = last_fit_drop.la_code
            and files.extract_month = last_fit_drop.extract_month
            and files.attempted_at = last_fit_drop.attempted_at
    where files.rows_loaded > 0
),

shares as (
    select
        flagged.object,
        flagged.column_name,
        100.0 * flagged.flagged_rows / files_now.rows_loaded as share
    from flagged
    inner join files_now
        on flagged.object = files_now.object
    where
        flagged.rule = 'code_outside_code_set'
        and flagged.extract_month = date '{extract_month}'
),

unknown_codes as (
    select
        (select case when count(*) > 0 then coalesce((select max(share) from shares), 0) end from files_now)
            as highest,
        (
            select string_agg(
                object || '.' || column_name || ' ' || round(share, 1) || ' %', ', ' order by share desc, column_name
            )
            from shares
            where share > 0.5
        ) as named
),

risen as (
    select
        flagged.object || '.' || flagged.column_name || ' ' || flagged.rule || ' '
        || round(100.0 * flagged.flagged_rows / files_now.rows_loaded, 1) || ' % of the rows, '
        || round(coalesce(100.0 * earlier.flagged_rows / files_then.rows_loaded, 0), 1) || ' % in '
        || strftime(files_then.extract_month, '%Y-%m') as told,
        100.0 * flagged.flagged_rows / files_now.rows_loaded
        - coalesce(100.0 * earlier.flagged_rows / files_then.rows_loaded, 0) as points
    from flagged
    inner join files_now
        on flagged.object = files_now.object
    inner join files_then
        on flagged.object = files_then.object
    left join flagged as earlier
        on
            flagged.object = earlier.object
            and flagged.rule = earlier.rule
            and flagged.column_name = earlier.column_name
            and files_then.extract_month = earlier.extract_month
    where
        flagged.extract_month = date '{extract_month}'
        and flagged.rule <> 'code_outside_code_set'
),

worst as (
    select
        case
            when exists (select 1 from files_then) and exists (select 1 from files_now)
                then greatest(coalesce(max(points), 0), 0)
        end as points,
        string_agg(told, '; ' order by points desc, told) filter (where points > 5) as told
    from risen
)

select
    unknown_codes.highest as highest_unknown_code_percent,
    unknown_codes.named as highest_unknown_code_percent_detail,
    worst.points as flags_risen_points,
    worst.told as flags_risen_points_detail
from unknown_codes
cross join worst
