-- Involvements of case workers that are open at the month's end.
select involvements.*
from ssd_involvements as involvements
cross join this_drop
where
    involvements.invo_professional_role_id = 'CW'
    and is_open_on(
        involvements.invo_involvement_start_date, involvements.invo_involvement_end_date, this_drop.month_end
    )
