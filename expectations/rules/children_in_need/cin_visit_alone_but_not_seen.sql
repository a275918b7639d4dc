select
    cinv_cin_visit_id as record_key,
    cinv_person_id as child_id
from ssd_cin_visits
where
    cinv_cin_visit_seen = 'N'
    and cinv_cin_visit_seen_alone = 'Y'
