-- The files of the last fit drop.
select files.*
from raw.drop_file as files
inner join compared.last_fit_drop as drops
    on
        files.la_code = drops.la_code
        and files.extract_month = drops.extract_month
        and files.attempted_at = drops.attempted_at
