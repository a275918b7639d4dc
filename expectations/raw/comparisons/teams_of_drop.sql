-- The teams that the drop lists.
select distinct dept_team_id
from raw.ssd_department
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
