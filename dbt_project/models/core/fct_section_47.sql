with enquiries as (
    select *
    from {{ ref('stg_lcs__section_47') }}
),

enquiries_by_team as (
    {{ with_team_of_record('enquiries') }}
),

final as (
    select
        section_47_id,
        la_code,
        child_id,
        referral_id,
        start_date,
        end_date,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        is_no_further_action,
        worker_id,
        team_name,
        locality_name,
        extract_month
    from enquiries_by_team
)

select *
from final
