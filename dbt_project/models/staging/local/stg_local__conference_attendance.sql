with source as (
    {{ rows_of_this_extract('local_conference_attendance', source_name='local') }}
),

renamed as (
    select
        la_code,
        extract_month,
        meeting_id,
        invitation_no,
        meeting_date,
        agency as agency_code,
        {{ yes_or_no('is_invited') }} as is_invited,
        {{ yes_or_no('has_attended') }} as has_attended,
        {{ yes_or_no('has_sent_report') }} as has_sent_report
    from source
)

select *
from renamed
