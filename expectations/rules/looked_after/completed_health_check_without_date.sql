select
    clah_health_check_id as record_key,
    clah_person_id as child_id
from ssd_cla_health
where
    clah_health_check_status = 'Completed'
    and clah_health_check_date is null
