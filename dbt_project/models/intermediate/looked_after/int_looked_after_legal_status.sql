-- Statuses that do not make a child looked after are left out before the latest start is chosen.
select *
from {{ ref('int_legal_status') }}
where is_looked_after
