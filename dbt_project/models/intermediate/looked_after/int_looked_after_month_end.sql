with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

episodes as (
    select *
    from {{ ref('int_care_episode') }}
),

people as (
    select *
    from {{ ref('stg_lcs__person') }}
),

open_episodes as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        episodes.child_id,
        episodes.episode_id,
        episodes.period_of_care_id,
        episodes.entered_care_date,
        episodes.entered_care_by,
        episodes.in_care_since,
        episodes.primary_need_code,
        {{ age_in_years('people.date_of_birth', 'months.month') }} as age,
        row_number() over (
            partition by months.la_code, months.extract_month, months.month, episodes.child_id
            order by episodes.start_date desc, episodes.id_sort_key desc
        ) as precedence
    from months
    inner join episodes
        on
            months.la_code = episodes.la_code
            and months.extract_month = episodes.extract_month
            and {{ is_open_on('episodes.start_date', 'episodes.ceased_date', 'months.month') }}
    inner join people
        on
            episodes.la_code = people.la_code
            and episodes.extract_month = people.extract_month
            and episodes.child_id = people.child_id
),

children as (
    select *
    from open_episodes
    -- without a date of birth there is no age, and the child does not count as looked after
    where precedence = 1 and age < 18
),

children_by_status as (
    {{ with_legal_status_on('children', 'month') }}
),

final as (
    select
        la_code,
        extract_month,
        month,
        child_id,
        episode_id,
        period_of_care_id,
        entered_care_date,
        entered_care_by,
        in_care_since,
        primary_need_code,
        legal_status_code,
        age
    from children_by_status
    -- no effective legal status: the child counts as looked after
    where not is_short_break
)

select *
from final
