-- what ingest flagged in this drop and in the last fit one, with the values: a typing error is one of a kind
with flagged as (
    select
        flags.extract_month,
        flags.column_name,
        flags.line_number
    from raw.dq_issue as flags
    left join last_fit_drop
        on flags.extract_month = last_fit_drop.extract_month
    where
        flags.la_code = '{la_code}'
        and flags.object = '{object}'
        and flags.rule = 'code_outside_code_set'
        and (flags.extract_month = date '{extract_month}' or last_fit_drop.extract_month is not null)
),

coded as (
    select
        extract_month,
        line_number,
        column_name,
        code
    from (
        select
            extract_month,
            line_number,
            {code_columns}
        from {table}
        where
            la_code = '{la_code}'
            and (extract_month, line_number) in (select (flags.extract_month, flags.line_number) from flagged as flags)
    ) unpivot (code for column_name in ({code_columns}))
),

unknown_codes as (
    select
        coded.column_name,
        coded.code,
        count(*) as rows_now
    from coded
    inner join flagged
        on
            coded.extract_month = flagged.extract_month
            and coded.line_number = flagged.line_number
            and coded.column_name = flagged.column_name
    group by coded.column_name, coded.code
    having min(coded.extract_month) = date '{extract_month}'
),

told as (
    select
        max(rows_now) as rows_now,
        string_agg(
            column_name || ': ' || format('{:,}', rows_now) || ' of '
            || format('{:,}', (select count(*) from this_partition)) || ' {rows} bear one, 0 in '
            || (select strftime(extract_month, '%Y-%m') from last_fit_drop),
            '; ' order by rows_now desc, column_name
        ) filter (where rows_now > 2) as found
    from unknown_codes
)

select
    case when exists (select 1 from last_fit_drop) then coalesce(rows_now, 0) end as rows_with_one_new_code,
    found as rows_with_one_new_code_detail
from told
