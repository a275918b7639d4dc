select
    immi_immigration_status_id as record_key,
    immi_person_id as child_id
from ssd_immigration_status
where immi_immigration_status_end_date < immi_immigration_status_start_date
