with missing_episodes as (
    select *
    from {{ ref('stg_lcs__missing_episode') }}
),

episodes_by_team as (
    {{ with_team_on('missing_episodes', 'start_date') }}
),

final as (
    select
        missing_episode_id,
        la_code,
        child_id,
        episode_type_text,
        case {{ letters_and_digits('episode_type_text') }}
            when 'm' then 'M'
            when 'missing' then 'M'
            when 'a' then 'A'
            when 'away' then 'A'
            when 'absent' then 'A'
        end as episode_type_code,
        start_date,
        end_date,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        interview_offered_code,
        interview_accepted_code,
        team_name,
        locality_name,
        extract_month
    from episodes_by_team
)

select *
from final
