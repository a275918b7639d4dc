-- Every other fit month of the authority, and how many files have the same bytes as in this drop. Judged from 200 rows
-- on.
select
    drops.extract_month,
    count(files.sha256) as same_files,
    (select count(*) from compared.loaded_files) as all_files,
    'the same as ' || strftime(drops.extract_month, '%Y-%m') as finding
from raw.drop as drops
left join raw.drop_file as files
    on
        drops.la_code = files.la_code
        and drops.extract_month = files.extract_month
        and drops.attempted_at = files.attempted_at
        and (files.object, files.sha256) in (select (object, sha256) from compared.loaded_files)
where
    drops.la_code = '{la_code}'
    and drops.extract_month <> date '{extract_month}'
    and drops.is_loaded
    and drops.is_fit is not false
    and (select sum(rows_read) from compared.loaded_files) >= 200
group by drops.extract_month
