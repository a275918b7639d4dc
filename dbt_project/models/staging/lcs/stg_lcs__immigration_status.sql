with source as (
    {{ rows_of_this_extract('ssd_immigration_status') }}
),

renamed as (
    select
        la_code,
        extract_month,
        immi_immigration_status_id as immigration_status_id,
        immi_person_id as child_id,
        immi_immigration_status as immigration_status_text,
        immi_immigration_status_start_date as start_date,
        immi_immigration_status_end_date as end_date
    from source
)

select *
from renamed
