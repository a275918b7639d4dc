-- Question: Which records should a team put right first because they may make figures wrong?
-- Reads: restricted/warehouse.duckdb, dq_issue, dim_rule
-- Look out: a fault that threatens a figure need not change it; `threatens` says which to look at again. What the
--   ingest flags beside the rules threatens no figure by name and is not here.
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
