select
    appeal_id,
    la_code,
    received_date,
    ground_code,
    decided_date,
    outcome_code,
    upheld_reason_code,
    extract_month
from {{ ref('stg_local__conference_appeal') }}
