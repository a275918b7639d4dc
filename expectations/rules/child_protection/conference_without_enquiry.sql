select
    icpc_icpc_id as record_key,
    icpc_person_id as child_id
from ssd_initial_cp_conference
where
    icpc_s47_enquiry_id is null
    -- a plan transferred from another authority needs no enquiry here
    and icpc_icpc_transfer_in is distinct from 'Y'
