select
    meeting_id,
    invitation_no,
    la_code,
    meeting_date,
    agency_code,
    is_invited,
    has_attended,
    has_sent_report,
    extract_month
from {{ ref('stg_local__conference_attendance') }}
