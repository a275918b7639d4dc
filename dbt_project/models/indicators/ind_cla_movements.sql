with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

episodes as (
    select *
    from {{ ref('int_care_episode') }}
    where period_of_care_id is not null
),

periods as (
    select distinct
        la_code,
        extract_month,
        child_id,
        period_of_care_id,
        entered_care_date
    from episodes
),

last_episodes as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        months.month_start,
        episodes.child_id,
        episodes.period_of_care_id,
        episodes.ceased_date,
        episodes.ceased_reason_code,
        row_number() over (
            partition by
                months.la_code, months.extract_month, months.month,
                episodes.child_id, episodes.period_of_care_id
            order by {{ last_episode_first('episodes.') }}
        ) as precedence
    from months
    inner join episodes
        on
            months.la_code = episodes.la_code
            and months.extract_month = episodes.extract_month
            and episodes.start_date <= months.month
),

movements as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        periods.child_id,
        periods.period_of_care_id,
        'started' as movement,
        periods.entered_care_date as movement_date,
        periods.entered_care_date as state_date
    from months
    inner join periods
        on
            months.la_code = periods.la_code
            and months.extract_month = periods.extract_month
            and periods.entered_care_date between months.month_start and months.month
    union all
    select
        la_code,
        extract_month,
        month,
        child_id,
        period_of_care_id,
        'ceased' as movement,
        ceased_date as movement_date,
        {{ day_before('ceased_date') }} as state_date
    from last_episodes
    where
        precedence = 1
        and ceased_date between month_start and month
        and {{ is_ceasing('ceased_reason_code') }}
),

movements_by_status as (
    {{ with_legal_status_on('movements', 'state_date') }}
),

movements_by_team as (
    {{ with_team_on('movements_by_status', 'state_date') }}
),

started as (
    select *
    from movements_by_team
    where movement = 'started' and not is_short_break
),

ceased as (
    select *
    from movements_by_team
    where movement = 'ceased' and not is_short_break
),

final as (
    {{ child_rows(
        'started', 'cla_started',
        event_id='period_of_care_id',
        actual_date='movement_date',
        row_day='state_date'
    ) }}
    union all
    {{ child_rows(
        'ceased', 'cla_ceased',
        event_id='period_of_care_id',
        actual_date='movement_date',
        row_day='state_date'
    ) }}
)

select *
from final
