with children as (
    select *
    from {{ ref('stg_local__conference_child') }}
),

children_by_team as (
    {{ with_team_on('children', 'meeting_date') }}
),

final as (
    select
        meeting_id,
        la_code,
        child_id,
        meeting_date,
        has_form,
        took_part_code,
        team_name,
        locality_name,
        extract_month
    from children_by_team
)

select *
from final
