select
    referrals.cine_referral_id as record_key,
    referrals.cine_person_id as child_id
from ssd_cin_episodes as referrals
inner join ssd_person as people
    on referrals.cine_person_id = people.pers_person_id
where date_diff('day', referrals.cine_referral_date, coalesce(people.pers_dob, people.pers_expected_dob)) > 280
