with source as (
    {{ rows_of_this_extract('ssd_cla_placement') }}
),

renamed as (
    select
        la_code,
        extract_month,
        clap_cla_placement_id as placement_id,
        clap_person_id as child_id,
        clap_cla_id as period_of_care_id,
        clap_cla_placement_start_date as start_date,
        clap_cla_placement_end_date as end_date,
        clap_cla_placement_type as placement_type_code,
        clap_cla_placement_urn as provider_urn,
        clap_cla_placement_distance as distance_miles,
        clap_cla_placement_provider as provider_code,
        clap_cla_placement_change_reason as change_reason_code,
        placement_la_code,
        is_in_area
    from source
)

select *
from renamed
