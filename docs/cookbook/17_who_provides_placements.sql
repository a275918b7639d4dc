-- Question: Who provides the placements of looked-after children, and does the mix change over the year?
-- Reads: restricted/warehouse.duckdb, fct_indicator_breakdown
-- Look out: shares are of the children looked after at each month end, as reported. For another mix change
--   `dimension`: `warehouse explain children_looked_after` lists what there is.
with mix as (
    select *
    from fct_indicator_breakdown
    where
        la_code = '888'
        and area_type = 'authority'
        and indicator_id = 'children_looked_after'
        and dimension = 'provider_group'
)

select
    month,
    sum(numerator) as children,
    round(coalesce(sum(share) filter (where code = 'own'), 0), 1) as own,
    round(coalesce(sum(share) filter (where code in ('other_authority', 'other_public')), 0), 1) as other_public,
    round(coalesce(sum(share) filter (where code = 'private'), 0), 1) as private,
    round(coalesce(sum(share) filter (where code = 'voluntary'), 0), 1) as voluntary,
    round(coalesce(sum(share) filter (where code = 'parent'), 0), 1) as parents,
    round(coalesce(sum(share) filter (where code in ('not_known', 'none')), 0), 1) as not_known_or_no_placement
from mix
group by month
order by month;
