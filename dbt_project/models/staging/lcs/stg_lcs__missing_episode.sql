with source as (
    {{ rows_of_this_extract('ssd_missing') }}
),

renamed as (
    select
        la_code,
        extract_month,
        miss_table_id as missing_episode_id,
        miss_person_id as child_id,
        miss_missing_episode_start_date as start_date,
        miss_missing_episode_type as episode_type_text,
        miss_missing_episode_end_date as end_date,
        miss_missing_rhi_offered as interview_offered_code,
        miss_missing_rhi_accepted as interview_accepted_code
    from source
)

select *
from renamed
