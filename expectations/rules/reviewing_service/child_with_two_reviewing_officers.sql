with open_officer as (
    select involvements.*
    from ssd_involvements as involvements
    cross join this_drop
    where
        involvements.invo_professional_role_id = 'IRO'
        and is_open_on(
            involvements.invo_involvement_start_date, involvements.invo_involvement_end_date, this_drop.month_end
        )
),

officers as (
    select
        *,
        min(invo_professional_id) over (partition by invo_person_id) as first_officer,
        max(invo_professional_id) over (partition by invo_person_id) as last_officer
    from open_officer
)

select
    invo_involvements_id as record_key,
    invo_person_id as child_id
from officers
where first_officer != last_officer
