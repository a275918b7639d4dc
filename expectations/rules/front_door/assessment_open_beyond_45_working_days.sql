select
    assessments.cina_assessment_id as record_key,
    assessments.cina_person_id as child_id
from ssd_cin_assessments as assessments
cross join this_drop
where
    assessments.cina_assessment_auth_date is null
    -- 45 working days and the 18 days of nine weekends, without bank holidays, as the census counts them here
    and date_diff('day', assessments.cina_assessment_start_date, this_drop.month_end) > 63
