select
    clea_table_id as record_key,
    clea_person_id as child_id
from ssd_care_leavers
where
    clea_care_leaver_in_touch in ('DIED', 'RHOM')
    and (
        coalesce(clea_care_leaver_activity, '0') <> '0'
        or coalesce(clea_care_leaver_accommodation, '0') <> '0'
    )
