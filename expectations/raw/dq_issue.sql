with shares as (
    select
        flagged.object,
        flagged.column_name,
        100.0 * flagged.flagged_rows / files.rows_loaded as share
    from (
        select
            object,
            column_name,
            count(*) as flagged_rows
        from this_partition
        where rule = 'code_outside_code_set'
        group by object, column_name
    ) as flagged
    inner join loaded_files as files
        on flagged.object = files.object
    where files.rows_loaded >= 200
),

told as (
    select
        (select case when count(*) > 0 then coalesce((select max(share) from shares), 0) end
        from loaded_files where rows_loaded >= 200) as highest,
        (
            select string_agg(
                object || '.' || column_name || ' ' || round(share, 1) || ' %', ', ' order by share desc, column_name
            )
            from shares
            where share > 0.5
        ) as named
)

select
    highest as highest_unknown_code_percent,
    named as highest_unknown_code_percent_detail,
    highest as highest_unknown_code_percent_again,
    named as highest_unknown_code_percent_again_detail
from told
