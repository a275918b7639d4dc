with source as (
    {{ rows_of_this_extract('ssd_permanence') }}
),

renamed as (
    select
        la_code,
        extract_month,
        perm_table_id,
        perm_person_id as child_id,
        perm_cla_id as period_of_care_id,
        perm_adm_decision_date as decision_date,
        perm_placement_order_date as placement_order_date,
        perm_placed_for_adoption_date as placed_date,
        perm_matched_date as matched_date,
        perm_ffa_cp_decision_date as ffa_decision_date,
        perm_placed_ffa_cp_date as ffa_placed_date,
        perm_adopted_by_carer_flag = 'Y' as is_by_carer,
        perm_decision_reversed_date as reversed_date,
        perm_decision_reversed_reason as reversed_reason_code,
        perm_permanence_order_date as order_date,
        perm_permanence_order_type as order_type
    from source
)

select *
from renamed
