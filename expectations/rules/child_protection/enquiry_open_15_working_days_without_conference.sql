select
    enquiries.s47e_s47_enquiry_id as record_key,
    enquiries.s47e_person_id as child_id
from ssd_s47_enquiry as enquiries
cross join this_drop
where
    -- 15 working days and the six days of three weekends, without bank holidays, as the census counts them here
    date_diff('day', enquiries.s47e_s47_start_date, this_drop.month_end) > 21
    -- an enquiry that ended without a conference needed none
    and enquiries.s47e_s47_end_date is null
    and enquiries.s47e_s47_nfa is distinct from 'Y'
    and not exists (
        select 1
        from ssd_initial_cp_conference as conferences
        where
            conferences.icpc_s47_enquiry_id = enquiries.s47e_s47_enquiry_id
            and conferences.icpc_icpc_date is not null
    )
