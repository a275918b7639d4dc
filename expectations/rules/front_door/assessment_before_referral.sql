select
    assessments.cina_assessment_id as record_key,
    assessments.cina_person_id as child_id
from ssd_cin_assessments as assessments
inner join ssd_cin_episodes as referrals
    on assessments.cina_referral_id = referrals.cine_referral_id
cross join this_drop
where
    assessments.cina_assessment_start_date < referrals.cine_referral_date
    and assessments.cina_assessment_start_date >= this_drop.oldest_day_judged
