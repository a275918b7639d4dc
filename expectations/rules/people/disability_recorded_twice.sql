select
    disabilities.disa_table_id as record_key,
    disabilities.disa_person_id as child_id
from ssd_disability as disabilities
where
    exists (
        select 1
        from ssd_disability as others
        where
            others.disa_person_id = disabilities.disa_person_id
            and others.disa_disability_code = disabilities.disa_disability_code
            and others.disa_table_id != disabilities.disa_table_id
    )
