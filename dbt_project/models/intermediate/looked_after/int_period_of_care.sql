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

reach as (
    select *
    from {{ ref('stg_ingest__drop_reach') }}
    where object = 'ssd_cla_reviews'
),

-- a period whose episodes name two children belongs to the child of its last episode
final as (
    select
        ranked.la_code,
        ranked.extract_month,
        ranked.period_of_care_id,
        ranked.child_id,
        ranked.entered_care_date,
        not coalesce(reach.is_every_event, true)
        or coalesce(ranked.entered_care_date < reach.complete_from, reach.complete_from is not null)
            as is_review_chain_cut
    from ranked
    left join reach
        on
            ranked.la_code = reach.la_code
            and ranked.extract_month = reach.extract_month
    where ranked.precedence = 1
)

select *
from final
