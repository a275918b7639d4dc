-- Share of the open actions with a due day, in per cent, whose due day is no date or a day that does not exist. Judged
-- from 10 such actions on.
select
    100.0 * count(*) filter (where due_reading in ('no_date', 'impossible')) / count(*) as percent,
    count(*) filter (where due_reading in ('no_date', 'impossible')) || ' of ' || count(*) || ' open actions' as finding
from marts.mart_delivery_plan
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
    and is_listed
    and brag_code is distinct from 'blue'
    and due_text is not null
having count(*) >= 10
