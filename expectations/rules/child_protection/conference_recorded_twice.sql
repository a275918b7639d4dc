select
    conferences.icpc_icpc_id as record_key,
    conferences.icpc_person_id as child_id
from ssd_initial_cp_conference as conferences
where
    exists (
        select 1
        from ssd_initial_cp_conference as others
        where
            others.icpc_person_id = conferences.icpc_person_id
            and others.icpc_icpc_date = conferences.icpc_icpc_date
            and others.icpc_icpc_id != conferences.icpc_icpc_id
    )
