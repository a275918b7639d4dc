select
    appeal_id as record_key,
    cast(null as varchar) as child_id
from local_conference_appeal
where upheld_reason is not null and outcome is distinct from 'upheld'
