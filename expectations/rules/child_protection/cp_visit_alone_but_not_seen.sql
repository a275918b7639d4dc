select
    cppv_cp_visit_id as record_key,
    cppv_person_id as child_id
from ssd_cp_visits
where
    cppv_cp_visit_seen = 'N'
    and cppv_cp_visit_seen_alone = 'Y'
