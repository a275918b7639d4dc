with source as (
    {{ rows_of_this_extract('ssd_cin_visits') }}
),

renamed as (
    select
        la_code,
        extract_month,
        cinv_cin_visit_id as visit_id,
        cinv_person_id as child_id,
        cinv_cin_visit_date as visit_date,
        cinv_cin_visit_seen = 'Y' as is_child_seen,
        cinv_cin_visit_seen_alone = 'Y' as is_child_seen_alone,
        cinv_cin_visit_bedroom = 'Y' as is_bedroom_seen
    from source
)

select *
from renamed
