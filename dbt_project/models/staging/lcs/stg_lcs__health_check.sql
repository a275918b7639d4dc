with source as (
    {{ rows_of_this_extract('ssd_cla_health') }}
),

renamed as (
    select
        la_code,
        extract_month,
        clah_health_check_id as health_check_id,
        clah_person_id as child_id,
        clah_health_check_type as check_type_text,
        clah_health_check_date as check_date,
        clah_health_check_status as check_status_text
    from source
)

select *
from renamed
