select
    enquiries.s47e_s47_enquiry_id as record_key,
    enquiries.s47e_person_id as child_id
from ssd_s47_enquiry as enquiries
where
    exists (
        select 1
        from ssd_s47_enquiry as others
        where
            others.s47e_person_id = enquiries.s47e_person_id
            and others.s47e_s47_enquiry_id != enquiries.s47e_s47_enquiry_id
            and others.s47e_s47_start_date <= enquiries.s47e_s47_start_date
            and (
                others.s47e_s47_end_date is null
                or others.s47e_s47_end_date > enquiries.s47e_s47_start_date
            )
    )
