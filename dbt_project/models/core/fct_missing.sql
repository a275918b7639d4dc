with missing_episodes as (
    select *
    from {{ ref('stg_lcs__missing_episode') }}
),

looked_after as (
    select *
    from {{ ref('int_looked_after_spell') }}
),

looked_after_on_start as (
    select distinct
        missing_episodes.la_code,
        missing_episodes.extract_month,
        missing_episodes.missing_episode_id
    from missing_episodes
    inner join looked_after
        on
            missing_episodes.la_code = looked_after.la_code
            and missing_episodes.extract_month = looked_after.extract_month
            and missing_episodes.child_id = looked_after.child_id
            and {{ is_within('looked_after.valid_from', 'looked_after.valid_to', 'missing_episodes.start_date') }}
),

episodes as (
    select
        missing_episodes.*,
        looked_after_on_start.missing_episode_id is not null as is_looked_after_on_start
    from missing_episodes
    left join looked_after_on_start
        on
            missing_episodes.la_code = looked_after_on_start.la_code
            and missing_episodes.extract_month = looked_after_on_start.extract_month
            and missing_episodes.missing_episode_id = looked_after_on_start.missing_episode_id
),

episodes_by_team as (
    {{ with_team_on('episodes', 'start_date') }}
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
        is_looked_after_on_start,
        interview_offered_code,
        interview_accepted_code,
        team_name,
        locality_name,
        extract_month
    from episodes_by_team
)

select *
from final
