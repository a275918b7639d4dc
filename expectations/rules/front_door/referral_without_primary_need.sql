select
    cine_referral_id as record_key,
    cine_person_id as child_id
from ssd_cin_episodes
where
    cine_referral_nfa = 'N'
    and cine_cin_primary_need_code is null
