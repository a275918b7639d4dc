-- Question: How did Burnley change against the county?
-- Reads: restricted/warehouse.duckdb, fct_indicator_value
-- Look out: the county includes the team. `gap` is the team's percentage minus the county's; whether more is better
--   depends on the indicator. With few children changes are large, so look at `children` first.
with asked as (
    select
        '888' as la_code,
        'Burnley' as team,
        min(month) as earlier,
        max(month) as later
    from fct_indicator_value
    where basis = 'as_reported'
),

figures as (
    select
        indicators.indicator_id,
        indicators.area_type,
        max(indicators.value) filter (where indicators.month = asked.earlier) as value_then,
        max(indicators.value) filter (where indicators.month = asked.later) as value_now,
        max(indicators.denominator) filter (where indicators.month = asked.later) as children
    from fct_indicator_value as indicators
    inner join asked
        on indicators.la_code = asked.la_code
    where
        indicators.unit = 'percentage'
        and indicators.basis = 'as_reported'
        and (
            indicators.area_type = 'authority'
            or (indicators.area_type = 'team' and indicators.area_name = asked.team)
        )
    group by indicators.indicator_id, indicators.area_type
)

select
    team.indicator_id,
    team.children,
    round(team.value_then, 1) as team_then,
    round(team.value_now, 1) as team_now,
    round(county.value_then, 1) as county_then,
    round(county.value_now, 1) as county_now,
    round(team.value_then - county.value_then, 1) as gap_then,
    round(team.value_now - county.value_now, 1) as gap_now,
    round((team.value_now - county.value_now) - (team.value_then - county.value_then), 1) as change_of_gap
from figures as team
inner join figures as county
    on team.indicator_id = county.indicator_id and county.area_type = 'authority'
where team.area_type = 'team' and team.value_now is not null
order by abs(change_of_gap) desc nulls last, team.indicator_id asc;
