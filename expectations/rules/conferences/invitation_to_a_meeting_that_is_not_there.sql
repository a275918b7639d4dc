-- Of a meeting id that no child has, `meeting_without_a_child` finds the first invitation.
select
    concat_ws('|', invitations.meeting_id, invitations.invitation_no) as record_key,
    cast(null as varchar) as child_id
from local_conference_attendance as invitations
where
    exists (
        select 1
        from child_at_meeting as meetings
        where meetings.meeting_id = invitations.meeting_id
    )
    and not exists (
        select 1
        from child_at_meeting as meetings
        where
            meetings.meeting_id = invitations.meeting_id
            and meetings.held_date = invitations.meeting_date
    )
