with source as (
    {{ rows_of_this_extract('local_delivery_plan', source_name='local') }}
),

renamed as (
    select
        la_code,
        extract_month,
        line_number,
        snapshot as snapshot_label,
        objective_no,
        objective_short as objective_name,
        action_ref,
        g2g_ref as improvement_plan_ref,
        activity_in_your_words as activity,
        metric,
        current_value as current_text,
        current_date as current_date_text,
        target_value as target_text,
        target_date as target_date_text,
        target_direction as target_direction_text,
        {{ roles_of('responsible_role') }} as responsible_role,
        {{ has_a_persons_name('responsible_role') }} as is_name_withheld,
        due as due_text,
        brag as brag_text
    from source
)

select *
from renamed
