with source as (
    {{ rows_of_this_extract('ssd_cp_visits') }}
),

renamed as (
    select
        la_code,
        extract_month,
        cppv_cp_visit_id as visit_id,
        cppv_person_id as child_id,
        cppv_cp_plan_id as plan_id,
        cppv_cp_visit_date as visit_date,
        cppv_cp_visit_seen = 'Y' as is_child_seen,
        cppv_cp_visit_seen_alone = 'Y' as is_child_seen_alone,
        cppv_cp_visit_bedroom = 'Y' as is_bedroom_seen
    from source
)

select *
from renamed
