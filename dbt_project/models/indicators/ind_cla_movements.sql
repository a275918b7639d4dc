with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

periods as (
    select distinct
        la_code,
        extract_month,
        child_id,
        period_of_care_id,
        entered_care_date
    from {{ ref('int_care_episode') }}
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

started as (
    select *
    from entered_by_status
    where not is_short_break
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
        row_day='entered_care_date'
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
