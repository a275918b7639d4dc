select
    referrals.cine_referral_id as record_key,
    referrals.cine_person_id as child_id
from ssd_cin_episodes as referrals
cross join this_drop
where
    referrals.cine_close_reason in ('RC8', 'RC9')
    and referrals.cine_close_date >= this_drop.oldest_day_judged
    and not exists (
        select 1
        from ssd_cin_assessments as assessments
        where assessments.cina_referral_id = referrals.cine_referral_id
    )
