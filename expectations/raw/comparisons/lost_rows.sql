-- Share of rejected rows, in per cent, of every file: among the rows that are open at the month end, and among those of
-- the last 12 months.
with shares as (
    select
        file,
        children_lost,
        unnest(['open at the month end', 'of the last 12 months']) as which_rows,
        unnest([open_rows, recent_rows]) as all_rows,
        unnest([open_rows_rejected, recent_rows_rejected]) as rejected_rows
    from compared.loaded_files
)

select
    rejected_rows,
    100.0 * rejected_rows / all_rows as percent,
    format('{:,}', rejected_rows) || ' of ' || format('{:,}', all_rows) || ' rows ' || which_rows || ' of ' || file
    || case
        when which_rows = 'open at the month end'
            then ', with which ' || format('{:,}', children_lost) || ' children leave its counts'
        else ''
    end as finding
from shares
where all_rows > 0
