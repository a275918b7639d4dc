-- Question: Which children have moved three times or more in a year, and where do they live now?
-- Reads: restricted/warehouse.duckdb, fct_indicator_child, current_placement, dim_code
-- Look out: the indicator ignores temporary stays and counts the placement at the start of the year, so three
--   placements are two moves. A child with two open placements has two rows.
with movers as (
    select *
    from fct_indicator_child
    where
        la_code = '888'
        and indicator_id = 'cla_three_or_more_placements'
        and is_in_numerator
        and extract_month = month
        and month = (select max(newest.extract_month) from fct_indicator_child as newest)
),

placements as (
    select
        movers.child_id,
        count(*) as placements_in_year
    from movers
    inner join current_placement as held
        on
            movers.la_code = held.la_code
            and movers.child_id = held.child_id
            and not held.is_temporary
            and held.start_date <= movers.month
            and coalesce(held.end_date, date '9999-12-31') > movers.month - interval 12 month + interval 1 day
            and (held.end_date is null or held.end_date > held.start_date)
    group by movers.child_id
)

select
    movers.area_name as team,
    movers.child_id,
    placements.placements_in_year,
    codes.label as lives_in,
    present.start_date as since,
    present.distance_miles
from movers
inner join placements
    on movers.child_id = placements.child_id
left join current_placement as present
    on movers.la_code = present.la_code and movers.child_id = present.child_id and present.is_open
left join dim_code as codes
    on present.placement_type_code = codes.code and codes.code_set = 'placement_type'
order by placements.placements_in_year desc, movers.child_id asc, present.start_date asc;
