-- Question: Which districts drive the change in dental checks?
-- Reads: restricted/warehouse.duckdb, fct_indicator_value
-- Look out: `of_county_change` is in percentage points and adds up to the county's change. A small team with a bad
--   month hardly changes the county; a large team with an ordinary month does, and so does a team that grew.
with asked as (
    -- the indicator, the authority, and the two months that are compared: here the oldest and the newest reported
    select
        'cla_dental_check_up_to_date' as indicator_id,
        '888' as la_code,
        min(month) as earlier,
        max(month) as later
    from fct_indicator_value
    where basis = 'as_reported'
),

teams as (
    select
        figures.area_name,
        coalesce(max(figures.numerator) filter (where figures.month = asked.earlier), 0) as numerator_then,
        coalesce(max(figures.denominator) filter (where figures.month = asked.earlier), 0) as children_then,
        coalesce(max(figures.numerator) filter (where figures.month = asked.later), 0) as numerator_now,
        coalesce(max(figures.denominator) filter (where figures.month = asked.later), 0) as children_now
    from fct_indicator_value as figures
    inner join asked
        on figures.indicator_id = asked.indicator_id and figures.la_code = asked.la_code
    where
        figures.area_type = 'team'
        and figures.basis = 'as_reported'
        and figures.month in (asked.earlier, asked.later)
    group by figures.area_name
),

shares as (
    select
        *,
        children_then / sum(children_then) over () as weight_then,
        children_now / sum(children_now) over () as weight_now,
        -- a team that exists in only one of the months changes the county by its size alone
        coalesce(numerator_then / nullif(children_then, 0), numerator_now / children_now) as share_then,
        coalesce(numerator_now / nullif(children_now, 0), numerator_then / children_then) as share_now,
        sum(numerator_then) over () / sum(children_then) over () as county_share
    from teams
)

select
    area_name as team,
    children_then,
    children_now,
    round(100 * share_then, 1) as percent_then,
    round(100 * share_now, 1) as percent_now,
    round(
        100 * (
            (weight_then + weight_now) / 2 * (share_now - share_then)
            + (weight_now - weight_then) * ((share_then + share_now) / 2 - county_share)
        ), 3
    ) as of_county_change
from shares
order by of_county_change, team;
