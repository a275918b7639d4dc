with challenges as (
    select
        *,
        case when resolved_date <= extract_month then resolved_date else extract_month end as last_day
    from {{ ref('stg_local__iro_challenge') }}
),

challenges_by_team as (
    {{ with_team_on('challenges', 'raised_date') }}
),

final as (
    select
        challenge_id,
        la_code,
        child_id,
        challenge_type_text as challenge_type,
        context_text as context,
        category_text as category_code,
        impact_text as impact_code,
        raised_date,
        worker_id,
        resolved_date,
        resolved_level_text as resolved_level,
        outcome_text as outcome,
        cast(
            case
                when raised_date <= last_day then {{ dbt.datediff('raised_date', 'last_day', 'day') }}
            end as integer
        ) as days_open,
        team_name,
        locality_name,
        extract_month
    from challenges_by_team
)

select *
from final
