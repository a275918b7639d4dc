select
    form_id,
    la_code,
    meeting_date,
    meeting_type,
    report_received_code,
    saw_other_reports,
    met_chair,
    could_speak,
    understood_concerns,
    invited_core_groups,
    understands_plan,
    extract_month
from {{ ref('stg_local__conference_feedback') }}
