select
    referrals.cine_referral_id as record_key,
    referrals.cine_person_id as child_id
from ssd_cin_episodes as referrals
cross join this_drop
where
    referrals.cine_close_reason in ('RC8', 'RC9')
    -- what is older is in no return and in no restated figure any more
    and referrals.cine_close_date >= cast(this_drop.financial_year_start - interval 1 year as date)
    and not exists (
        select 1
        from ssd_cin_assessments as assessments
        where assessments.cina_referral_id = referrals.cine_referral_id
    )
