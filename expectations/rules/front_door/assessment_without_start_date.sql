select
    cina_assessment_id as record_key,
    cina_person_id as child_id
from ssd_cin_assessments
where cina_assessment_start_date is null
