with episodes as (
    select *
    from {{ ref('int_care_episode') }}
    where period_of_care_id is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, period_of_care_id
            order by {{ last_episode_first() }}
        ) as precedence
    from episodes
),

-- a period whose episodes name two children belongs to the child of its last episode
final as (
    select
        la_code,
        extract_month,
        period_of_care_id,
        child_id,
        entered_care_date
    from ranked
    where precedence = 1
)

select *
from final
