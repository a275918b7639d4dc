with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

adoptions as (
    select *
    from {{ ref('fct_adoption') }}
),

placements as (
    select *
    from {{ ref('int_placement') }}
    where is_adoptive
),

ceased_periods as (
    select *
    from {{ ref('int_ceased_period') }}
    where ceased_reason_group = 'adopted'
),

placed_early as (
    {{ in_each_month(
        'adoptions', 'adoptions.ffa_placed_date between months.financial_year_start and months.month'
    ) }}
),

-- one child on one day once
early_placements as (
    select
        la_code,
        extract_month,
        month,
        child_id,
        ffa_placed_date,
        child_id || '/' || cast(ffa_placed_date as varchar) as child_and_day
    from placed_early
    group by la_code, extract_month, month, child_id, ffa_placed_date
),

early_placements_by_team as (
    {{ with_team_on('early_placements', 'ffa_placed_date') }}
),

ended as (
    {{ in_each_month(
        'placements',
        'placements.end_date > placements.start_date and placements.end_date > months.rolling_year_start'
            ~ ' and placements.end_date <= months.month'
    ) }}
),

-- in another adoptive placement that day or the day after
continued as (
    select distinct
        ended.la_code,
        ended.extract_month,
        ended.month,
        ended.placement_id
    from ended
    inner join placements
        on
            ended.la_code = placements.la_code
            and ended.extract_month = placements.extract_month
            and ended.child_id = placements.child_id
            and ended.end_date in (placements.start_date, {{ day_before('placements.start_date') }})
            and ended.month >= placements.start_date
),

disruptions as (
    select
        ended.*,
        {{ day_before('ended.end_date') }} as last_day
    from ended
    left join ceased_periods
        on
            ended.la_code = ceased_periods.la_code
            and ended.extract_month = ceased_periods.extract_month
            and ended.child_id = ceased_periods.child_id
            and ended.end_date = ceased_periods.ceased_date
            and {{ is_within('ceased_periods.valid_from', 'ceased_periods.valid_to', 'ended.month') }}
    left join continued
        on
            ended.la_code = continued.la_code
            and ended.extract_month = continued.extract_month
            and ended.month = continued.month
            and ended.placement_id = continued.placement_id
    where ceased_periods.child_id is null and continued.placement_id is null
),

disruptions_by_team as (
    {{ with_team_on('disruptions', 'last_day') }}
),

final as (
    {{ child_rows('early_placements_by_team', 'early_permanence_placements',
        event_id='child_and_day', row_day='ffa_placed_date', actual_date='ffa_placed_date') }}
    union all
    {{ child_rows('disruptions_by_team', 'adoption_disruptions',
        event_id='placement_id', row_day='last_day', actual_date='end_date') }}
)

select *
from final
