-- Share of the actions open in the snapshot before that are no longer listed, in per cent. Judged from 10 open actions
-- on.
select
    100.0 * count(*) filter (where change = 'gone') / count(*) as percent,
    count(*) filter (where change = 'gone') || ' of ' || count(*) || ' open actions' as finding
from marts.mart_delivery_plan
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
    and previous_extract_month is not null
    and change is distinct from 'new'
    and previous_brag_code is distinct from 'blue'
having count(*) >= 10
