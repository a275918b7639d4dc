-- Question: How many children does each social worker have, and who has most?
-- Reads: restricted/warehouse.duckdb, current_allocation
-- Look out: a child counts once for each worker who has the case at the month end, whatever the plan. Children
--   without an allocated worker are in no row, and the data does not show part-time work.
with workers as (
    select
        team_name,
        worker_id,
        count(distinct child_id) as children
    from current_allocation
    where
        la_code = '888'
        and role_code = 'CW'
        and is_open
        and worker_id is not null
    group by team_name, worker_id
)

select
    team_name as team,
    count(*) as workers,
    sum(children) as children,
    round(avg(children), 1) as children_per_worker,
    median(children) as median_children,
    max(children) as most_children
from workers
group by team_name
order by children_per_worker desc, team asc;
