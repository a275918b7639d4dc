-- Every code of every code column, empty included: its share of the rows in this drop and in the last fit one. Judged
-- from 100 rows in both. Points are the change less 2 standard errors. A column that was empty before is left out. All
-- unknown values together count as one code.

-- counted by all codes of a row at once and then by column: rows with the same codes are many
with combinations as (
    select
        extract_month,
        {code_columns},
        count(*) as held_rows
    from {table}
    where
        la_code = '{la_code}'
        and (
            extract_month = date '{extract_month}'
            or extract_month in (select extract_month from compared.last_fit_drop)
        )
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

-- the finding names the code that a value stands for, never the value
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
                        and regexp_replace(lower(known.spelling), '[^a-z0-9]', '', 'g') in (
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
)

select
    '{object}' as object,
    100 * abs(share_now - share_then)
    - 2 * 100 * sqrt(share_then * (1 - share_then) * (1 / all_now + 1 / all_then)) as points,
    column_name || ' ''' || label || ''' ' || round(100 * share_now, 1) || ' % of the {rows}, '
    || round(100 * share_then, 1) || ' % in ' || (select month_name from compared.last_fit_drop) as finding
from shares
where
    all_now >= 100
    and all_then >= 100
    and coded_then > 0
