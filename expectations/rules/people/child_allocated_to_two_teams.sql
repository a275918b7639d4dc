with case_workers as (
    select
        involvements.invo_involvements_id,
        involvements.invo_person_id,
        min(involvements.invo_professional_team) over (partition by involvements.invo_person_id) as first_team,
        max(involvements.invo_professional_team) over (partition by involvements.invo_person_id) as last_team
    from ssd_involvements as involvements
    cross join this_drop
    where
        involvements.invo_professional_role_id = 'CW'
        and involvements.invo_involvement_start_date <= this_drop.month_end
        and (
            involvements.invo_involvement_end_date is null
            or involvements.invo_involvement_end_date > this_drop.month_end
        )
)

select
    invo_involvements_id as record_key,
    invo_person_id as child_id
from case_workers
where first_team != last_team
