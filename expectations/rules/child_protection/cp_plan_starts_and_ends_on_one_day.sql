select
    cppl_cp_plan_id as record_key,
    cppl_person_id as child_id
from ssd_cp_plans
where cppl_cp_plan_start_date = cppl_cp_plan_end_date
