select
    cont_contact_id as record_key,
    cont_person_id as child_id
from ssd_contacts
where cont_contact_date is null
