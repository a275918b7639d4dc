{% set period = 'la_code, extract_month, child_id, period_of_care_id' %}
{% set by_start = 'partition by la_code, extract_month, child_id order by start_date, id_sort_key' %}

with delivered as (
    select
        *,
        {{ id_order('episode_id') }} as id_sort_key
    from {{ ref('stg_lcs__care_episode') }}
),

reach as (
    select *
    from {{ ref('stg_ingest__drop_reach') }}
    where object = 'ssd_cla_episodes'
),

episodes as (
    select
        delivered.*,
        reach.complete_from,
        coalesce(reach.is_every_event, true) as is_every_event
    from delivered
    left join reach
        on
            delivered.la_code = reach.la_code
            and delivered.extract_month = reach.extract_month
),

-- a spell of episodes without a gap: a new one begins where all earlier ones have ended
unbroken as (
    select
        *,
        min(start_date) over (partition by la_code, extract_month, child_id, spell_number) as spell_start_date
    from (
        select
            *,
            count(*) filter (where is_first_of_spell) over ({{ by_start }}) as spell_number
        from (
            select
                *,
                coalesce(
                    max(coalesce(ceased_date, {{ end_of_time() }})) over (
                        {{ by_start }} rows between unbounded preceding and 1 preceding
                    ) < start_date,
                    true
                ) as is_first_of_spell
            from episodes
        ) as marked
    ) as numbered
),

-- the first episode of the period that the drop holds
dated as (
    select
        *,
        case
            when period_of_care_id is null then entered_care_date
            else min(entered_care_date) over (partition by {{ period }})
        end as given_entry_date,
        case
            when period_of_care_id is null then start_date
            else min(start_date) over (partition by {{ period }})
        end as first_start_date,
        case
            when period_of_care_id is null then start_reason_code
            else first_value(start_reason_code) over (partition by {{ period }} order by start_date, id_sort_key)
        end as first_reason_code
    from unbroken
),

final as (
    select
        la_code,
        extract_month,
        episode_id,
        id_sort_key,
        child_id,
        period_of_care_id,
        start_date,
        start_reason_code,
        ceased_date,
        ceased_reason_code,
        primary_need_code,
        placement_id,
        -- the drop may lack an episode before the first one, unless that is the one with which care started (S)
        case
            when given_entry_date is not null then given_entry_date
            when
                coalesce(first_reason_code, '') = 'S'
                or (is_every_event and coalesce(first_start_date >= complete_from, true))
                then first_start_date
        end as entered_care_date,
        coalesce(given_entry_date, first_start_date) as entered_care_by,
        case
            when period_of_care_id is null then spell_start_date
            else coalesce(given_entry_date, first_start_date)
        end as in_care_since
    from dated
)

select *
from final
