with legal_statuses as (
    select *
    from {{ ref('int_legal_status') }}
),

final as (
    select
        legal_status_id,
        la_code,
        child_id,
        legal_status_text,
        legal_status_code,
        legal_status_label,
        is_looked_after,
        is_short_break,
        start_date,
        end_date,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        extract_month
    from legal_statuses
)

select *
from final
