select
    none_rows.disa_table_id as record_key,
    none_rows.disa_person_id as child_id
from ssd_disability as none_rows
where
    none_rows.disa_disability_code = 'NONE'
    and exists (
        select 1
        from ssd_disability as others
        where
            others.disa_person_id = none_rows.disa_person_id
            and others.disa_disability_code != 'NONE'
    )
