select
    dept_team_id as record_key,
    cast(null as varchar) as child_id
from ssd_department
where
    dept_team_parent_name is null
    -- a department above the teams has no parent
    and dept_team_id in (select invo_professional_team from open_case_worker)
