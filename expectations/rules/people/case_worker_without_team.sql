select
    involvements.invo_involvements_id as record_key,
    involvements.invo_person_id as child_id
from ssd_involvements as involvements
cross join this_drop
where
    involvements.invo_professional_role_id = 'CW'
    and involvements.invo_professional_team is null
    and involvements.invo_involvement_start_date <= this_drop.month_end
    and (
        involvements.invo_involvement_end_date is null
        or involvements.invo_involvement_end_date > this_drop.month_end
    )
