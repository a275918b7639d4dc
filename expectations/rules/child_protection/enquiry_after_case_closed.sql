select
    enquiries.s47e_s47_enquiry_id as record_key,
    enquiries.s47e_person_id as child_id
from ssd_s47_enquiry as enquiries
inner join ssd_cin_episodes as referrals
    on enquiries.s47e_referral_id = referrals.cine_referral_id
cross join this_drop
where
    enquiries.s47e_s47_start_date > referrals.cine_close_date
    and enquiries.s47e_s47_start_date >= this_drop.oldest_day_judged
