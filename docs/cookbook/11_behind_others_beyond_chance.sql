-- Question: Where are we behind England or our neighbours by more than chance?
-- Reads: open/marts.duckdb, mart_indicator_benchmark
-- Look out: `years_apart` says how many years older the published figure is; an empty comparator was not
--   published when the month was reported. A small authority differs by chance, so use only the verdicts.
select
    indicator_name,
    comparator_name,
    round(value, 1) as ours,
    comparator_value as theirs,
    comparator_year,
    years_apart,
    verdict,
    is_more_than_chance
from mart_indicator_benchmark
where
    la_code = '888'
    and area_type = 'authority'
    and month = (select max(newest.month) from mart_indicator_benchmark as newest)
    and release_rule = 'as_known_then'
    and comparator_year_rule = 'latest_published_year'
    and comparator <> 'own_published'
    and comparator_value is not null
order by verdict, indicator_name, comparator_name;
