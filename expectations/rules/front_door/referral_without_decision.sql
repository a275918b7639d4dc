select
    cine_referral_id as record_key,
    cine_person_id as child_id
from ssd_cin_episodes
where cine_referral_nfa is null
