-- The files of the drop. Other attempts of the same month do not count.
select files.*
from raw.drop_file as files
inner join raw.drop as drops
    on
        files.la_code = drops.la_code
        and files.extract_month = drops.extract_month
        and files.attempted_at = drops.attempted_at
where
    drops.la_code = '{la_code}'
    and drops.extract_month = date '{extract_month}'
    and drops.is_loaded
