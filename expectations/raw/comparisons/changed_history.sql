-- Every column that cannot change, and in how many records of the last fit drop it has another value now: a day of birth,
-- the sex, the person of a record, the days of a record that was over by then. Judged from 100 records that both hold,
-- or where a tenth of fewer differs.
with changes as (
    select
        count(*) as held_records,
        {changed_counts}
    from {table} as rows_now
    inner join {table} as rows_then
        on
            rows_now.la_code = rows_then.la_code
            and {same_record}
    where
        rows_now.la_code = '{la_code}'
        and rows_now.extract_month = date '{extract_month}'
        and rows_then.extract_month in (select extract_month from compared.last_fit_drop)
        and {was_over}
)

select
    '{object}' as object,
    changed_records,
    100.0 * changed_records / held_records as percent,
    column_name || ' differs in ' || format('{:,}', changed_records) || ' of ' || format('{:,}', held_records)
    || ' {rows} (' || round(100.0 * changed_records / held_records, 1) || ' %) from '
    || (select month_name from compared.last_fit_drop) as finding
from changes unpivot (changed_records for column_name in ({fixed_columns}))
where held_records >= 100 or 10 * changed_records >= held_records
