with source as (
    {{ rows_of_list_in_force('local_conference_feedback') }}
),

renamed as (
    select
        la_code,
        in_force_month as extract_month,
        form_id,
        meeting_date,
        meeting_type,
        report_received as report_received_code,
        saw_other_reports,
        met_chair,
        could_speak,
        understood_concerns,
        invited_core_groups,
        understands_plan
    from source
)

select *
from renamed
