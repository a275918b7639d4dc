with stretches as (
    {{ effective_spells(ref('int_case_worker_involvement'), ['team_id', 'worker_id']) }}
),

teams as (
    select *
    from {{ ref('int_team') }}
),

final as (
    select
        stretches.la_code,
        stretches.extract_month,
        stretches.child_id,
        stretches.valid_from,
        stretches.valid_to,
        stretches.worker_id,
        coalesce(teams.team_name, 'Not allocated') as team_name,
        coalesce(teams.locality_name, 'Not allocated') as locality_name
    from stretches
    left join teams
        on
            stretches.la_code = teams.la_code
            and stretches.extract_month = teams.extract_month
            and stretches.team_id = teams.team_id
)

select *
from final
