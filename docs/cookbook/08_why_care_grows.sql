-- Question: Are more children looked after because more enter care or because fewer leave, and where?
-- Reads: restricted/warehouse.duckdb, fct_indicator_value
-- Look out: earlier months are restated, so that all starts and leavings come from one extract. A child who leaves
--   and returns in a month is in both counts. A child who moves between teams is in neither.
with newest as (
    select
        la_code,
        max(extract_month) as extract_month
    from fct_indicator_value
    where la_code = '888'
    group by la_code
),

movements as (
    select
        figures.area_name,
        figures.indicator_id,
        figures.numerator,
        figures.month > last_day(figures.extract_month - interval 6 month) as is_of_last_6_months
    from fct_indicator_value as figures
    inner join newest
        on figures.la_code = newest.la_code and figures.extract_month = newest.extract_month
    where figures.area_type = 'locality' and figures.indicator_id in ('cla_started', 'cla_ceased')
),

counts as (
    select
        area_name as locality,
        coalesce(sum(numerator) filter (where indicator_id = 'cla_started'), 0) as started,
        coalesce(sum(numerator) filter (where indicator_id = 'cla_ceased'), 0) as ceased,
        coalesce(sum(numerator) filter (where indicator_id = 'cla_started' and is_of_last_6_months), 0)
            as started_last_6_months,
        coalesce(sum(numerator) filter (where indicator_id = 'cla_ceased' and is_of_last_6_months), 0)
            as ceased_last_6_months
    from movements
    group by area_name
)

select
    locality,
    started,
    ceased,
    started - ceased as growth,
    started_last_6_months,
    ceased_last_6_months,
    started_last_6_months - ceased_last_6_months as growth_last_6_months
from counts
order by growth desc, locality asc;
