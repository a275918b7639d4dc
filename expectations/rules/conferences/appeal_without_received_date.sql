select
    appeal_id as record_key,
    cast(null as varchar) as child_id
from local_conference_appeal
where received_date is null
