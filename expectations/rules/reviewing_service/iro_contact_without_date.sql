select
    contact_id as record_key,
    person_id as child_id
from local_iro_contact
where contact_date is null
