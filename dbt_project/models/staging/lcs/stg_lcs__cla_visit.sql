with source as (
    {{ rows_of_this_extract('ssd_cla_visits') }}
),

renamed as (
    select
        la_code,
        extract_month,
        clav_cla_visit_id as visit_id,
        clav_cla_id as period_of_care_id,
        clav_person_id as child_id,
        clav_cla_visit_date as visit_date,
        clav_cla_visit_seen = 'Y' as is_child_seen,
        clav_cla_visit_seen_alone = 'Y' as is_child_seen_alone
    from source
)

select *
from renamed
