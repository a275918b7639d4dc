-- Question: Who has been looked after under section 20 longest, and who of them has no care plan?
-- Reads: restricted/warehouse.duckdb, fct_indicator_child, current_legal_status
-- Look out: the days count from the first day of the status that is recorded now. A status that is recorded anew, such
--   as after a change of placement, begins anew.
with children as (
    select
        rows.*,
        exists(
            select 1
            from fct_indicator_child as without_plan
            where
                without_plan.la_code = rows.la_code
                and without_plan.indicator_id = 'cla_section_20_without_plan'
                and without_plan.child_id = rows.child_id
                and without_plan.month = rows.month
                and without_plan.extract_month = rows.month
        ) as has_no_care_plan
    from fct_indicator_child as rows
    where
        rows.la_code = '888'
        and rows.indicator_id = 'cla_section_20'
        and rows.is_in_numerator
        and rows.extract_month = rows.month
        and rows.month = (select max(newest.extract_month) from fct_indicator_child as newest)
),

statuses as (
    select
        la_code,
        child_id,
        max(start_date) as since
    from current_legal_status
    where legal_status_code = 'V2' and is_open
    group by la_code, child_id
)

select
    children.area_name as team,
    children.child_id,
    statuses.since,
    date_diff('day', statuses.since, children.month) as days,
    children.has_no_care_plan
from children
left join statuses
    on children.la_code = statuses.la_code and children.child_id = statuses.child_id
order by days desc nulls last, children.child_id asc;
