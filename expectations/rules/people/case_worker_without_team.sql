select
    invo_involvements_id as record_key,
    invo_person_id as child_id
from open_case_worker
where invo_professional_team is null
