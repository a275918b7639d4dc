select
    contact_id,
    la_code,
    child_id,
    contact_date,
    source_code,
    extract_month
from {{ ref('stg_lcs__contact') }}
