select
    la_code,
    rule,
    outcome,
    outcome_reason,
    rows_checked,
    rows_failed,
    extract_month
from {{ ref('stg_quality__rule_run') }}
