-- Question: Which records should a team correct first because they may make figures wrong?
-- Reads: restricted/warehouse.duckdb, dq_issue, dim_rule
-- Look out: a fault that threatens a figure may leave it unchanged; `threatens` says which figures to check again. The
--   flags of ingest name no figure, so this list leaves them out.
select
    rules.title,
    rules.severity,
    count(*) as records,
    count(distinct issues.child_id) as children,
    max(issues.age_days) as oldest_days,
    rules.threatens
from dq_issue as issues
inner join dim_rule as rules
    on issues.rule = rules.rule
where
    issues.la_code = '888'
    and issues.team_name = 'Burnley'
    and issues.resolved_extract is null
    and rules.threatens <> ''
group by rules.title, rules.severity, rules.threatens
order by records desc, rules.title asc;
