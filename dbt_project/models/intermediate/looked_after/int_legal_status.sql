with legal_statuses as (
    select
        *,
        {{ letters_and_digits('legal_status_text') }} as match_text,
        {{ id_order('legal_status_id') }} as id_sort_key
    from {{ ref('stg_lcs__legal_status') }}
),

codes as (
    select
        *,
        {{ letters_and_digits('legal_status_text') }} as match_text
    from {{ ref('code_legal_status') }}
),

final as (
    select
        legal_statuses.la_code,
        legal_statuses.extract_month,
        legal_statuses.legal_status_id,
        legal_statuses.child_id,
        legal_statuses.start_date,
        legal_statuses.end_date,
        legal_statuses.id_sort_key,
        legal_statuses.legal_status_text,
        codes.legal_status_code,
        codes.legal_status_label,
        coalesce(codes.is_looked_after, false) as is_looked_after,
        coalesce(codes.is_short_break, false) as is_short_break
    from legal_statuses
    left join codes
        on legal_statuses.match_text = codes.match_text
)

select *
from final
