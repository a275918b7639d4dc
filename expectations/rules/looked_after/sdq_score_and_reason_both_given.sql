select
    csdq_table_id as record_key,
    csdq_person_id as child_id
from ssd_sdq_scores
where
    csdq_sdq_score is not null
    and csdq_sdq_reason is not null
