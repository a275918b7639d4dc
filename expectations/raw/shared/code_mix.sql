-- counted by all codes of a row at once and then by column: rows with the same codes are many
with compared_drops as (
    select extract_month
    from loaded_drop
    union all
    select extract_month
    from last_fit_drop
),

combinations as (
    select
        held.extract_month,
        {code_columns},
        count(*) as held_rows
    from {table} as held
    inner join compared_drops
        on held.extract_month = compared_drops.extract_month
    where held.la_code = '{la_code}'
    group by all
),

coded as (
    select
        column_name,
        code,
        coalesce(sum(held_rows) filter (where extract_month = date '{extract_month}'), 0) as rows_now,
        coalesce(sum(held_rows) filter (where extract_month < date '{extract_month}'), 0) as rows_then
    from combinations unpivot include nulls (code for column_name in ({code_columns}))
    group by column_name, code
),

-- a value is told by the code that it stands for, never as it came
labelled as (
    select
        coded.column_name,
        case
            when coded.code is null then 'empty'
            else coalesce(
                (
                    select min(known.code)
                    from raw.code as known
                    where
                        known.code_set = sets.code_set
                        and regexp_replace(lower(known.code), '[^a-z0-9]', '', 'g') in (
                            regexp_replace(lower(coded.code), '[^a-z0-9]', '', 'g'),
                            regexp_replace(lower(split_part(coded.code, ':', 1)), '[^a-z0-9]', '', 'g')
                        )
                ),
                'no code of its set'
            )
        end as label,
        coded.rows_now,
        coded.rows_then
    from coded
    inner join (values {code_sets}) as sets (column_name, code_set)
        on coded.column_name = sets.column_name
),

shares as (
    select
        column_name,
        label,
        sum(sum(rows_now)) over (partition by column_name) as all_now,
        sum(sum(rows_then)) over (partition by column_name) as all_then,
        sum(rows_now) / sum(sum(rows_now)) over (partition by column_name) as share_now,
        sum(rows_then) / sum(sum(rows_then)) over (partition by column_name) as share_then,
        coalesce(sum(sum(rows_then)) filter (where label <> 'empty') over (partition by column_name), 0) as coded_then
    from labelled
    group by column_name, label
),

-- in points, past what chance explains; a column that was empty until now has nothing to be compared with
moved as (
    select
        column_name || ' ''' || label || ''' ' || round(100 * share_now, 1) || ' % of the {rows}, '
        || round(100 * share_then, 1) || ' % in ' || (select strftime(extract_month, '%Y-%m') from last_fit_drop)
            as told,
        greatest(
            100 * abs(share_now - share_then)
            - 200 * sqrt(share_then * (1 - share_then) * (1 / all_now + 1 / all_then)),
            0
        ) as points
    from shares
    where
        all_now >= 100
        and all_then >= 100
        and coded_then > 0
)

select
    max(points) as code_share_moved_points,
    string_agg(told, '; ' order by points desc, told) filter (where points > 5) as code_share_moved_points_detail
from moved
