with source as (
    {{ rows_of_this_extract('ssd_professionals') }}
),

renamed as (
    select
        la_code,
        extract_month,
        prof_professional_id as worker_id,
        prof_professional_job_title as job_title,
        prof_full_time_equivalency as full_time_equivalent,
        prof_agency_worker_flag = 'Y' as is_agency
    from source
)

select *
from renamed
