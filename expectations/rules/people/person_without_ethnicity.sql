select
    pers_person_id as record_key,
    pers_person_id as child_id
from ssd_person
where pers_ethnicity is null
