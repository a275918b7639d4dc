-- Every value that is in no code set and that the last fit drop did not have, and how many rows have it now.
with flagged as (
    select
        extract_month,
        column_name,
        line_number
    from raw.dq_issue
    where
        la_code = '{la_code}'
        and object = '{object}'
        and rule = 'code_outside_code_set'
        and (
            extract_month = date '{extract_month}'
            or extract_month in (select extract_month from compared.last_fit_drop)
        )
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

new_codes as (
    select
        coded.column_name,
        count(*) as rows_now
    from coded
    inner join flagged
        on
            coded.extract_month = flagged.extract_month
            and coded.line_number = flagged.line_number
            and coded.column_name = flagged.column_name
    group by coded.column_name, coded.code
    having min(coded.extract_month) = date '{extract_month}'
)

-- the value itself stays here: a typing error may be a name
select
    '{object}' as object,
    new_codes.rows_now,
    new_codes.column_name || ': ' || format('{:,}', new_codes.rows_now) || ' of ' || format('{:,}', files.rows_loaded)
    || ' {rows} have the same new code, 0 in ' || drops.month_name as finding
from compared.last_fit_drop as drops
left join compared.loaded_files as files
    on files.object = '{object}'
left join new_codes
    on true
