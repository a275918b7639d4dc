with arrangements as (
    select
        *,
        {{ last_known_day('start_date', 'end_date') }} as team_date
    from {{ ref('stg_local__private_fostering') }}
),

arrangements_by_team as (
    {{ with_team_on('arrangements', 'team_date') }}
),

final as (
    select
        arrangement_id,
        la_code,
        child_id,
        start_date,
        end_date,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        team_name,
        locality_name,
        extract_month
    from arrangements_by_team
)

select *
from final
