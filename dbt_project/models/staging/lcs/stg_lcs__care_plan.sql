with source as (
    {{ rows_of_this_extract('ssd_cla_care_plan') }}
),

renamed as (
    select
        la_code,
        extract_month,
        lacp_table_id as plan_id,
        lacp_person_id as child_id,
        lacp_cla_care_plan_start_date as start_date,
        lacp_cla_care_plan_end_date as end_date,
        lacp_cla_care_plan_json as permanence_json
    from source
)

select *
from renamed
