select
    enquiries.s47e_s47_enquiry_id as record_key,
    enquiries.s47e_person_id as child_id
from ssd_s47_enquiry as enquiries
inner join ssd_cin_episodes as referrals
    on enquiries.s47e_referral_id = referrals.cine_referral_id
where
    referrals.cine_close_date is not null
    and enquiries.s47e_s47_end_date is null
    and enquiries.s47e_s47_nfa is distinct from 'Y'
    and not exists (
        select 1
        from ssd_initial_cp_conference as conferences
        where
            conferences.icpc_s47_enquiry_id = enquiries.s47e_s47_enquiry_id
            and conferences.icpc_icpc_date is not null
    )
