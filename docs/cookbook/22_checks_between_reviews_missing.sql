-- Question: Whose children had no check between two reviews this month, by reviewing officer?
-- Reads: restricted/warehouse.duckdb, fct_indicator_child, current_allocation
-- Look out: a check is due at the midpoint between two reviews. A child is with the officer of the latest involvement
--   that is open at the month end; without one, the officer is null. A child may have a gap of both kinds.
with gaps as (
    select *
    from fct_indicator_child
    where
        la_code = '888'
        and indicator_id in ('midpoint_monitoring_cla', 'midpoint_monitoring_cp')
        and extract_month = month
        and month = (select max(newest.extract_month) from fct_indicator_child as newest)
),

officers as (
    select
        la_code,
        child_id,
        max_by(worker_id, (start_date, allocation_id)) as worker_id
    from current_allocation
    where role_code = 'IRO' and is_open
    group by la_code, child_id
)

select
    officers.worker_id as reviewing_officer,
    count(*) as checks_due,
    count(*) filter (where not gaps.is_in_numerator) as missing,
    count(*) filter (where not gaps.is_in_numerator and gaps.indicator_id = 'midpoint_monitoring_cla')
        as missing_looked_after,
    string_agg(distinct gaps.child_id, ', ' order by gaps.child_id) filter (where not gaps.is_in_numerator) as children
from gaps
left join officers
    on gaps.la_code = officers.la_code and gaps.child_id = officers.child_id
group by officers.worker_id
order by missing desc, reviewing_officer asc;
