select
    la_code,
    worker_id,
    job_title,
    cast(full_time_equivalent as double) as full_time_equivalent,
    is_agency,
    extract_month
from {{ ref('stg_lcs__worker') }}
