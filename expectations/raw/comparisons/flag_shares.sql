-- Share of the rows that ingest flagged, in per cent, by file, reason and column, and how many points it rose since the
-- last fit drop. Judged in files of 200 rows or more, and where 5 rows or more are flagged.
with flagged as (
    select
        object,
        rule,
        column_name,
        count(*) filter (where extract_month = date '{extract_month}') as flagged_now,
        count(*) filter (where extract_month < date '{extract_month}') as flagged_then
    from raw.dq_issue
    where
        la_code = '{la_code}'
        and (
            extract_month = date '{extract_month}'
            or extract_month in (select extract_month from compared.last_fit_drop)
        )
        -- of codes that a figure reads, the gate asks more (unknown_codes)
        and not (rule = 'code_outside_code_set' and (object, column_name) in (values {codes_read}))
    group by object, rule, column_name
),

shares as (
    select
        files_now.object,
        flagged.rule,
        flagged.column_name,
        coalesce(100.0 * flagged.flagged_now / files_now.rows_loaded, 0) as percent,
        100.0 * coalesce(flagged.flagged_then, 0) / files_then.rows_loaded as percent_then
    from compared.loaded_files as files_now
    left join flagged
        on files_now.object = flagged.object
    left join compared.files_before as files_then
        on
            files_now.object = files_then.object
            and files_then.rows_loaded > 0
    where files_now.rows_loaded >= 200 or flagged.flagged_now >= 5
)

select
    object,
    rule,
    column_name,
    percent,
    percent - percent_then as points,
    object || '.' || column_name || ' ' || rule || ' ' || round(percent, 1) || ' % of the rows'
    || coalesce(', ' || round(percent_then, 1) || ' % in ' || (select month_name from compared.last_fit_drop), '')
        as finding
from shares
