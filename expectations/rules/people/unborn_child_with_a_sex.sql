select
    pers_person_id as record_key,
    pers_person_id as child_id
from ssd_person
where
    pers_dob is null
    and pers_expected_dob is not null
    and pers_sex != 'U'
