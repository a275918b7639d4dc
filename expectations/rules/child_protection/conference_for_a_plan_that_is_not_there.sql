select
    conferences.icpc_icpc_id as record_key,
    conferences.icpc_person_id as child_id
from ssd_initial_cp_conference as conferences
where
    conferences.icpc_icpc_outcome_cp_flag = 'Y'
    and not exists (
        select 1
        from ssd_cp_plans as plans
        where plans.cppl_icpc_id = conferences.icpc_icpc_id
    )
    and not exists (
        select 1
        from ssd_cp_plans as plans
        where plans.cppl_cp_plan_id = conferences.icpc_cp_plan_id
    )
