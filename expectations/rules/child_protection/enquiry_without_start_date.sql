select
    s47e_s47_enquiry_id as record_key,
    s47e_person_id as child_id
from ssd_s47_enquiry
where s47e_s47_start_date is null
