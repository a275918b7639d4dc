with source as (
    {{ rows_of_this_extract('local_conference_child', source_name='local') }}
),

renamed as (
    select
        la_code,
        extract_month,
        meeting_id,
        person_id as child_id,
        meeting_date,
        {{ yes_or_no('has_form') }} as has_form,
        took_part as took_part_code
    from source
)

select *
from renamed
