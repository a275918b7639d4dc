-- Every file without a row, if the drop has 200 people or more. A council of that size may have no row in the lists named
-- here, and in no other.
select file || ' has a header and no rows' as finding
from compared.loaded_files
where
    rows_read = 0
    and object not in (
        'ssd_cla_immunisations', 'ssd_disability', 'ssd_immigration_status', 'ssd_missing', 'ssd_permanence',
        'ssd_pre_proceedings', 'ssd_sdq_scores'
    )
    and object not like 'local_%'
    and (select rows_read from compared.loaded_files where object = 'ssd_person') >= 200
