with episodes as (
    select
        episodes.la_code,
        episodes.extract_month,
        episodes.child_id,
        episodes.episode_id,
        episodes.start_date as valid_from,
        coalesce(episodes.ceased_date, {{ end_of_time() }}) as ceased_date,
        -- the first day on which the age is 18
        case
            when month(people.date_of_birth) = 2 and day(people.date_of_birth) = 29
                then {{ add_days(add_months('people.date_of_birth', 18 * 12), 1) }}
            else {{ add_months('people.date_of_birth', 18 * 12) }}
        end as birthday_18
    from {{ ref('int_care_episode') }} as episodes
    inner join {{ ref('stg_lcs__person') }} as people
        on
            episodes.la_code = people.la_code
            and episodes.extract_month = people.extract_month
            and episodes.child_id = people.child_id
    where people.date_of_birth is not null
),

bounded as (
    select
        la_code,
        extract_month,
        child_id,
        episode_id,
        valid_from,
        least(ceased_date, birthday_18) as valid_to
    from episodes
),

short_breaks as (
    select *
    from {{ ref('int_effective_legal_status') }}
    where is_short_break
),

-- a stretch begins with the episode, and after each short break
begun as (
    select *
    from bounded
    union all
    select
        bounded.la_code,
        bounded.extract_month,
        bounded.child_id,
        bounded.episode_id,
        short_breaks.valid_to as valid_from,
        bounded.valid_to
    from bounded
    inner join short_breaks
        on
            bounded.la_code = short_breaks.la_code
            and bounded.extract_month = short_breaks.extract_month
            and bounded.child_id = short_breaks.child_id
            and short_breaks.valid_to > bounded.valid_from
            and short_breaks.valid_to < bounded.valid_to
),

-- and ends with the episode, or with the next short break; one that begins in a short break has no day
final as (
    select
        begun.la_code,
        begun.extract_month,
        begun.child_id,
        begun.episode_id,
        begun.valid_from,
        least(
            begun.valid_to,
            coalesce(
                min(case when short_breaks.valid_from > begun.valid_from then short_breaks.valid_from end),
                {{ end_of_time() }}
            )
        ) as valid_to
    from begun
    left join short_breaks
        on
            begun.la_code = short_breaks.la_code
            and begun.extract_month = short_breaks.extract_month
            and begun.child_id = short_breaks.child_id
            and short_breaks.valid_to > begun.valid_from
    where begun.valid_from < begun.valid_to
    group by
        begun.la_code, begun.extract_month, begun.child_id, begun.episode_id, begun.valid_from, begun.valid_to
    having not coalesce(bool_or(short_breaks.valid_from <= begun.valid_from), false)
)

select *
from final
