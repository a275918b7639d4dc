-- ingest flags the later plan if the two overlap; this finds the plan that was left open
select
    earlier.cinp_cin_plan_id as record_key,
    earlier.cinp_person_id as child_id
from ssd_cin_plans as earlier
where
    earlier.cinp_cin_plan_end_date is null
    and exists (
        select 1
        from ssd_cin_plans as later
        where
            later.cinp_person_id = earlier.cinp_person_id
            and later.cinp_cin_plan_start_date > earlier.cinp_cin_plan_start_date
    )
