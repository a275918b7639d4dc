select
    csdq_table_id as record_key,
    csdq_person_id as child_id
from ssd_sdq_scores
where
    csdq_sdq_score is not null
    and not regexp_full_match(csdq_sdq_score, '0*([0-9]|[1-3][0-9]|40)(\.0+)?')
