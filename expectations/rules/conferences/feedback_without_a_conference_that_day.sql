select
    forms.form_id as record_key,
    cast(null as varchar) as child_id
from local_conference_feedback as forms
where
    not exists (
        select 1
        from child_at_meeting as meetings
        where meetings.held_date = forms.meeting_date
    )
