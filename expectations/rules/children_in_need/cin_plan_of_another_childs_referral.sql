select
    plans.cinp_cin_plan_id as record_key,
    plans.cinp_person_id as child_id
from ssd_cin_plans as plans
inner join ssd_cin_episodes as referrals
    on plans.cinp_referral_id = referrals.cine_referral_id
where plans.cinp_person_id != referrals.cine_person_id
