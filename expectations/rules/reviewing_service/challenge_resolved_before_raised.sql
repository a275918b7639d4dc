select
    challenge_id as record_key,
    person_id as child_id
from local_iro_challenge
where resolved_date < raised_date
