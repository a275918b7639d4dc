select
    conferences.icpc_icpc_id as record_key,
    conferences.icpc_person_id as child_id
from ssd_initial_cp_conference as conferences
inner join ssd_cin_episodes as referrals
    on conferences.icpc_referral_id = referrals.cine_referral_id
cross join this_drop
where
    conferences.icpc_icpc_date < referrals.cine_referral_date
    and conferences.icpc_icpc_date >= this_drop.oldest_day_judged
