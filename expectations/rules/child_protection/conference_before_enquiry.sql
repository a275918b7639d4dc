select
    conferences.icpc_icpc_id as record_key,
    conferences.icpc_person_id as child_id
from ssd_initial_cp_conference as conferences
inner join ssd_s47_enquiry as enquiries
    on conferences.icpc_s47_enquiry_id = enquiries.s47e_s47_enquiry_id
where conferences.icpc_icpc_date < enquiries.s47e_s47_start_date
