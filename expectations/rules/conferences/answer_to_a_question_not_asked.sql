select
    form_id as record_key,
    cast(null as varchar) as child_id
from local_conference_feedback
where
    (meeting_type = 'initial' and coalesce(invited_core_groups, understands_plan) is not null)
    or (meeting_type = 'review' and met_chair is not null)
