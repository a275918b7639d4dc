-- The children of each meeting and day, from the records of initial conferences and of child protection reviews.
select
    icpc_icpc_meeting_id as meeting_id,
    icpc_icpc_date as held_date,
    icpc_person_id as child_id
from ssd_initial_cp_conference
where icpc_icpc_date is not null
union
select
    cppr_cp_review_meeting_id as meeting_id,
    cppr_cp_review_date as held_date,
    cppr_person_id as child_id
from ssd_cp_reviews
where cppr_cp_review_date is not null
