select
    case
        when files_now.rows_loaded >= 200 and files_then.sha256 is not null
            then cast(files_now.sha256 = files_then.sha256 as integer)
    end as is_last_file,
    format('{:,}', files_now.rows_loaded) || ' rows, byte by byte those of '
    || strftime(last_fit_drop.extract_month, '%Y-%m') as is_last_file_detail
from (values ('{object}')) as judged (object)
left join loaded_files as files_now
    on judged.object = files_now.object
left join last_fit_drop
    on true
left join raw.drop_file as files_then
    on
        last_fit_drop.la_code = files_then.la_code
        and last_fit_drop.extract_month = files_then.extract_month
        and last_fit_drop.attempted_at = files_then.attempted_at
        and judged.object = files_then.object
