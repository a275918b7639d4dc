with work_after_assessment as (
    select s47e_referral_id as referral_id
    from ssd_s47_enquiry
    union
    select icpc_referral_id as referral_id
    from ssd_initial_cp_conference
    union
    select cinp_referral_id as referral_id
    from ssd_cin_plans
    union
    select cppl_referral_id as referral_id
    from ssd_cp_plans
)

select
    referrals.cine_referral_id as record_key,
    referrals.cine_person_id as child_id
from ssd_cin_episodes as referrals
inner join work_after_assessment
    on referrals.cine_referral_id = work_after_assessment.referral_id
cross join this_drop
where
    -- RC9 is newer than the official check: closed after assessment, referred to early help
    referrals.cine_close_reason in ('RC8', 'RC9')
    and referrals.cine_close_date >= this_drop.oldest_day_judged
