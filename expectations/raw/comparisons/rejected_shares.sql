-- Share of rejected rows, in per cent, of every file of 200 rows or more.
select
    100.0 * rows_rejected / rows_read as percent,
    rows_rejected || ' of ' || rows_read || ' rows of ' || file as finding
from compared.loaded_files
where rows_read >= 200
