with source as (
    {{ rows_of_this_extract('ssd_department') }}
),

renamed as (
    select
        la_code,
        extract_month,
        dept_team_id as team_id,
        dept_team_name as team_name,
        dept_team_parent_id as parent_team_id,
        dept_team_parent_name as parent_team_name
    from source
)

select *
from renamed
