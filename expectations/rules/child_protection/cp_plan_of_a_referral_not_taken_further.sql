select
    plans.cppl_cp_plan_id as record_key,
    plans.cppl_person_id as child_id
from ssd_cp_plans as plans
inner join ssd_cin_episodes as referrals
    on plans.cppl_referral_id = referrals.cine_referral_id
where referrals.cine_referral_nfa = 'Y'
