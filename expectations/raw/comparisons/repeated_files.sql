-- Every file of 200 rows or more, and whether it has the same bytes as in the last fit drop.
select
    files_now.object,
    files_now.sha256 = files_then.sha256 as is_last_file,
    format('{:,}', files_now.rows_loaded) || ' rows, byte by byte those of '
    || strftime(files_then.extract_month, '%Y-%m') as finding
from compared.loaded_files as files_now
inner join compared.files_before as files_then
    on files_now.object = files_then.object
where files_now.rows_loaded >= 200
