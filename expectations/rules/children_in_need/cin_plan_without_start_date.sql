select
    cinp_cin_plan_id as record_key,
    cinp_person_id as child_id
from ssd_cin_plans
where cinp_cin_plan_start_date is null
