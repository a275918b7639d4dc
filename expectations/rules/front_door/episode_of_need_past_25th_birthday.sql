select
    referrals.cine_referral_id as record_key,
    referrals.cine_person_id as child_id
from ssd_cin_episodes as referrals
inner join ssd_person as people
    on referrals.cine_person_id = people.pers_person_id
cross join this_drop
where
    cast(people.pers_dob + interval 25 year as date) < this_drop.month_end
    and (
        referrals.cine_close_date is null
        or referrals.cine_close_date > cast(people.pers_dob + interval 25 year as date)
    )
