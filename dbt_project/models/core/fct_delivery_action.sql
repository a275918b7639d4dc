with actions as (
    select
        *,
        coalesce(objective_no, 'not given') as objective,
        coalesce(action_ref, 'not given') as action
    from {{ ref('stg_local__delivery_action') }}
),

-- the same action under '1C' and '1c', '4b.' and '4b'
named as (
    select
        *,
        lower(objective) || '/' || coalesce(nullif(rtrim(lower(action), '. '), ''), lower(action)) as action_key
    from actions
),

final as (
    select
        la_code,
        action_key,
        cast(
            row_number() over (partition by la_code, extract_month, action_key order by line_number) as integer
        ) as entry_number,
        snapshot_label,
        objective as objective_no,
        objective_name,
        action as action_ref,
        improvement_plan_ref,
        activity,
        responsible_role,
        is_name_withheld,
        metric,
        brag_text,
        case {{ letters_and_digits('brag_text') }}
            when 'blue' then 'blue'
            when 'red' then 'red'
            when 'amber' then 'amber'
            when 'green' then 'green'
        end as brag_code,
        due_text,
        {{ latest_day_in('due_text') }} as due_date,
        {{ reading_of_day('due_text') }} as due_reading,
        current_text,
        {{ number_in('current_text') }} as current_number,
        {{ unit_in('current_text') }} as current_unit,
        current_date_text,
        target_text,
        {{ number_in('target_text') }} as target_number,
        {{ unit_in('target_text') }} as target_unit,
        target_date_text,
        {{ latest_day_in('target_date_text') }} as target_date,
        {{ direction_of('target_direction_text', 'target_text', 'metric') }} as target_direction,
        extract_month
    from named
)

select *
from final
