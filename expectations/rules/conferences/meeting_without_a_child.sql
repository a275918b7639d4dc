-- One finding for each meeting: its first invitation.
select
    concat_ws('|', invitations.meeting_id, min(invitations.invitation_no)) as record_key,
    cast(null as varchar) as child_id
from local_conference_attendance as invitations
where
    not exists (
        select 1
        from child_at_meeting as meetings
        where meetings.meeting_id = invitations.meeting_id
    )
group by invitations.meeting_id
