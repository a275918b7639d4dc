-- Share of the rows, in per cent, whose text in a column of JSON is none, or has keys or values that are not read, by
-- file and column.
select
    100.0 * count(*) / max(files.rows_loaded) as percent,
    count(*) as flagged_rows,
    issues.object || '.' || issues.column_name || ' ' || format('{:,}', count(*)) || ' of '
    || format('{:,}', max(files.rows_loaded)) || ' rows' as finding
from raw.dq_issue as issues
inner join compared.loaded_files as files
    on issues.object = files.object
where
    issues.la_code = '{la_code}'
    and issues.extract_month = date '{extract_month}'
    and issues.rule in ('text_not_json', 'json_not_known')
group by issues.object, issues.column_name
