with involvements as (
    select *
    from {{ ref('stg_lcs__involvement') }}
),

involvements_by_team as (
    {{ with_team_of_record('involvements') }}
),

final as (
    select
        involvement_id as allocation_id,
        la_code,
        child_id,
        worker_id,
        role_code,
        referral_id,
        start_date,
        end_date,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        change_reason_code,
        team_name,
        locality_name,
        extract_month
    from involvements_by_team
)

select *
from final
