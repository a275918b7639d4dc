-- ingest flags the later referral if the two overlap; this finds the referral that was left open
select
    earlier.cine_referral_id as record_key,
    earlier.cine_person_id as child_id
from ssd_cin_episodes as earlier
where
    earlier.cine_close_date is null
    and earlier.cine_referral_nfa is distinct from 'Y'
    and exists (
        select 1
        from ssd_cin_episodes as later
        where
            later.cine_person_id = earlier.cine_person_id
            and later.cine_referral_date > earlier.cine_referral_date
    )
