with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

episodes as (
    select *
    from {{ ref('int_care_episode') }}
),

periods as (
    select distinct
        la_code,
        extract_month,
        child_id,
        period_of_care_id,
        entered_care_date
    from episodes
    where period_of_care_id is not null
),

ceased_periods as (
    select *
    from {{ ref('int_ceased_period') }}
),

entered as (
    {{ in_each_month('periods', 'periods.entered_care_date between months.month_start and months.month') }}
),

entered_by_status as (
    {{ with_legal_status_on('entered', 'entered_care_date') }}
),

-- of the episodes open on the day, as at a month end; breakdowns are of the month of the extract only
needs as (
    select
        entered.la_code,
        entered.extract_month,
        entered.month,
        entered.child_id,
        entered.period_of_care_id,
        episodes.primary_need_code,
        row_number() over (
            partition by
                entered.la_code, entered.extract_month, entered.month, entered.child_id, entered.period_of_care_id
            order by episodes.start_date desc, episodes.id_sort_key desc
        ) as precedence
    from entered
    inner join episodes
        on
            entered.la_code = episodes.la_code
            and entered.extract_month = episodes.extract_month
            and entered.child_id = episodes.child_id
            and {{ is_open_on('episodes.start_date', 'episodes.ceased_date', 'entered.entered_care_date') }}
    where entered.month = entered.extract_month
),

started as (
    select
        entered_by_status.*,
        needs.primary_need_code
    from entered_by_status
    left join needs
        on
            entered_by_status.la_code = needs.la_code
            and entered_by_status.extract_month = needs.extract_month
            and entered_by_status.month = needs.month
            and entered_by_status.child_id = needs.child_id
            and entered_by_status.period_of_care_id = needs.period_of_care_id
            and needs.precedence = 1
    where not entered_by_status.is_short_break
),

started_by_team as (
    {{ with_team_on('started', 'entered_care_date') }}
),

ceased as (
    {{ in_each_month(
        'ceased_periods',
        is_within('ceased_periods.valid_from', 'ceased_periods.valid_to', 'months.month')
            ~ ' and ceased_periods.ceased_date >= months.month_start'
    ) }}
),

ceased_by_team as (
    {{ with_team_on('ceased', 'state_date') }}
),

final as (
    {{ child_rows(
        'started_by_team', 'cla_started',
        event_id='period_of_care_id',
        actual_date='entered_care_date',
        row_day='entered_care_date',
        codes={'need': 'primary_need_code'}
    ) }}
    union all
    {{ child_rows(
        'ceased_by_team', 'cla_ceased',
        event_id='period_of_care_id',
        actual_date='ceased_date',
        row_day='state_date',
        codes={'ceased_reason_group': 'ceased_reason_group', 'ceased_reason': 'ceased_reason_code'}
    ) }}
)

select *
from final
