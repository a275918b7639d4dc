with teams as (
    select *
    from {{ ref('stg_lcs__team') }}
),

final as (
    select
        la_code,
        extract_month,
        team_id,
        coalesce(team_name, 'Not allocated') as team_name,
        coalesce(parent_team_name, 'Not allocated') as locality_name
    from teams
)

select *
from final
