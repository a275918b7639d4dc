with teams as (
    select
        *,
        min(invo_professional_team) over (partition by invo_person_id) as first_team,
        max(invo_professional_team) over (partition by invo_person_id) as last_team
    from open_case_worker
)

select
    invo_involvements_id as record_key,
    invo_person_id as child_id
from teams
where first_team != last_team
