select
    conferences.icpc_icpc_id as record_key,
    conferences.icpc_person_id as child_id
from ssd_initial_cp_conference as conferences
inner join child_at_meeting as others
    on
        conferences.icpc_icpc_meeting_id = others.meeting_id
        and conferences.icpc_icpc_date <> others.held_date
