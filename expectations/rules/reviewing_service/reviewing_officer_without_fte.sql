select
    workers.prof_professional_id as record_key,
    cast(null as varchar) as child_id
from ssd_professionals as workers
cross join this_drop
where
    coalesce(workers.prof_full_time_equivalency, 0) <= 0
    and workers.prof_professional_id in (
        select involvements.invo_professional_id
        from ssd_involvements as involvements
        where
            involvements.invo_professional_role_id = 'IRO'
            and is_open_on(
                involvements.invo_involvement_start_date, involvements.invo_involvement_end_date, this_drop.month_end
            )
    )
