-- Values outside their code set in the columns that a figure or a named breakdown reads by its code, in per cent of the
-- rows of the file.
select
    100.0 * count(*) / max(files.rows_loaded) as percent,
    max(files.file) || ': ' || issues.column_name || ' has a value outside its code set in '
    || format('{:,}', count(*)) || ' of ' || format('{:,}', max(files.rows_loaded)) || ' rows, first in line '
    || format('{:,}', min(issues.line_number)) as finding
from raw.dq_issue as issues
inner join compared.loaded_files as files
    on issues.object = files.object
where
    issues.la_code = '{la_code}'
    and issues.extract_month = date '{extract_month}'
    and issues.rule = 'code_outside_code_set'
    and (issues.object, issues.column_name) in (values {codes_read})
group by issues.object, issues.column_name
