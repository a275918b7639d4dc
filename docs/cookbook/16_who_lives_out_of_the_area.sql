-- Question: Which children live outside the area, in which authority, in what kind of placement, how far from home?
-- Reads: restricted/warehouse.duckdb, fct_indicator_child, current_placement, dim_code
-- Look out: while a child is away for a time, the placement that the absence interrupts counts. It may have ended. A
--   child whose postcode is not known is not in the list: the indicator names the reason.
with children as (
    select *
    from fct_indicator_child
    where
        la_code = '888'
        and indicator_id = 'cla_placed_out_of_area'
        and is_in_numerator
        and extract_month = month
        and month = (select max(newest.extract_month) from fct_indicator_child as newest)
),

placements as (
    select
        children.child_id,
        held.placement_la_code,
        held.placement_type_code,
        held.distance_miles,
        held.start_date
    from children
    inner join current_placement as held
        on
            children.la_code = held.la_code
            and children.child_id = held.child_id
            and held.location = 'out_of_area'
            and held.start_date <= children.month
    qualify
        row_number() over (
            partition by children.child_id
            order by held.is_temporary asc, held.end_date desc nulls first, held.start_date desc, held.placement_id desc
        ) = 1
)

select
    children.area_name as team,
    children.child_id,
    placements.placement_la_code as authority,
    codes.label as lives_in,
    placements.start_date as since,
    placements.distance_miles
from children
left join placements
    on children.child_id = placements.child_id
left join dim_code as codes
    on placements.placement_type_code = codes.code and codes.code_set = 'placement_type'
order by placements.distance_miles desc nulls last, children.child_id asc;
