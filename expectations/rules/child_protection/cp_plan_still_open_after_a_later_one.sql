-- ingest flags the later plan if the two overlap; this finds the plan that was left open
select
    earlier.cppl_cp_plan_id as record_key,
    earlier.cppl_person_id as child_id
from ssd_cp_plans as earlier
where
    earlier.cppl_cp_plan_end_date is null
    and exists (
        select 1
        from ssd_cp_plans as later
        where
            later.cppl_person_id = earlier.cppl_person_id
            and later.cppl_cp_plan_start_date > earlier.cppl_cp_plan_start_date
    )
