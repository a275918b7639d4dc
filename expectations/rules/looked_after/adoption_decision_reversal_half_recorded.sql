select
    perm_table_id as record_key,
    perm_person_id as child_id
from ssd_permanence
where (perm_decision_reversed_date is null) <> (perm_decision_reversed_reason is null)
