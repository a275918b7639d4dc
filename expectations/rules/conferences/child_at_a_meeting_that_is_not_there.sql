select
    concat_ws('|', children.meeting_id, children.person_id) as record_key,
    children.person_id as child_id
from local_conference_child as children
where
    not exists (
        select 1
        from child_at_meeting as meetings
        where
            meetings.meeting_id = children.meeting_id
            and meetings.held_date = children.meeting_date
            and meetings.child_id = children.person_id
    )
