with adoptions as (
    select *
    from {{ ref('stg_lcs__permanence') }}
),

adoptions_by_team as (
    {{ with_team_on('adoptions', 'extract_month') }}
),

final as (
    select
        perm_table_id,
        la_code,
        child_id,
        period_of_care_id,
        decision_date,
        ffa_decision_date,
        placement_order_date,
        matched_date,
        placed_date,
        ffa_placed_date,
        reversed_date,
        reversed_reason_code,
        order_date,
        order_type,
        is_by_carer,
        team_name,
        locality_name,
        extract_month
    from adoptions_by_team
)

select *
from final
