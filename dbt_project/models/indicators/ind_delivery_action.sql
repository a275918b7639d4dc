with actions as (
    select *
    from {{ ref('fct_delivery_action') }}
),

-- each snapshot, with the previous and the next one
snapshots as (
    select
        la_code,
        extract_month,
        lag(extract_month) over (partition by la_code order by extract_month) as previous_extract_month,
        lead(extract_month) over (partition by la_code order by extract_month) as next_extract_month
    from (
        select distinct
            la_code,
            extract_month
        from actions
    ) as held
),

listed as (
    select
        actions.la_code,
        actions.action_key,
        actions.entry_number,
        actions.extract_month,
        actions.extract_month as last_listed_in,
        snapshots.previous_extract_month,
        true as is_listed
    from actions
    inner join snapshots
        on
            actions.la_code = snapshots.la_code
            and actions.extract_month = snapshots.extract_month
),

-- actions of the previous snapshot that this one does not list, as they were then
gone as (
    select
        actions.la_code,
        actions.action_key,
        actions.entry_number,
        snapshots.next_extract_month as extract_month,
        actions.extract_month as last_listed_in,
        actions.extract_month as previous_extract_month,
        false as is_listed
    from actions
    inner join snapshots
        on
            actions.la_code = snapshots.la_code
            and actions.extract_month = snapshots.extract_month
    left join actions as later
        on
            actions.la_code = later.la_code
            and actions.action_key = later.action_key
            and actions.entry_number = later.entry_number
            and snapshots.next_extract_month = later.extract_month
    where
        snapshots.next_extract_month is not null
        and later.action_key is null
),

listed_or_gone as (
    select *
    from listed
    union all
    select *
    from gone
),

compared as (
    select
        latest_entry.objective_no,
        latest_entry.objective_name,
        latest_entry.action_ref,
        latest_entry.snapshot_label,
        latest_entry.improvement_plan_ref,
        latest_entry.activity,
        latest_entry.responsible_role,
        latest_entry.due_text,
        latest_entry.due_date,
        latest_entry.due_reading,
        latest_entry.metric,
        latest_entry.current_text,
        latest_entry.current_number,
        latest_entry.current_unit,
        latest_entry.current_date_text,
        latest_entry.target_text,
        latest_entry.target_number,
        latest_entry.target_unit,
        latest_entry.target_date_text,
        latest_entry.target_date,
        latest_entry.target_direction,
        listed_or_gone.*,
        case when listed_or_gone.is_listed then latest_entry.brag_code end as brag_code,
        previous.action_key is not null as was_listed,
        previous.brag_code as previous_brag_code
    from listed_or_gone
    inner join actions as latest_entry
        on
            listed_or_gone.la_code = latest_entry.la_code
            and listed_or_gone.action_key = latest_entry.action_key
            and listed_or_gone.entry_number = latest_entry.entry_number
            and listed_or_gone.last_listed_in = latest_entry.extract_month
    left join actions as previous
        on
            listed_or_gone.la_code = previous.la_code
            and listed_or_gone.action_key = previous.action_key
            and listed_or_gone.entry_number = previous.entry_number
            and listed_or_gone.previous_extract_month = previous.extract_month
),

judged as (
    select
        *,
        case
            when not is_listed then 'gone'
            when previous_extract_month is null then null
            when not was_listed then 'new'
            when brag_code = 'blue' and coalesce(previous_brag_code, 'none') <> 'blue' then 'closed'
            when previous_brag_code = 'blue' and brag_code <> 'blue' then 'reopened'
            when (brag_code is not distinct from previous_brag_code) then 'unchanged'
            when {{ brag_rank('brag_code') }} > {{ brag_rank('previous_brag_code') }} then 'better'
            when {{ brag_rank('brag_code') }} < {{ brag_rank('previous_brag_code') }} then 'worse'
        end as change,
        case
            when not is_listed then null
            when brag_code = 'blue' then false
            when due_reading in ('day', 'month', 'in_words') then due_date < extract_month
        end as is_overdue,
        case
            when not is_listed or current_unit <> target_unit then null
            when target_direction = 'at_least' then current_number >= target_number
            when target_direction = 'at_most' then current_number <= target_number
        end as is_target_met
    from compared
),

final as (
    select
        la_code,
        objective_no,
        objective_name,
        action_ref,
        action_key,
        entry_number,
        snapshot_label,
        improvement_plan_ref,
        activity,
        responsible_role,
        is_listed,
        brag_code,
        previous_extract_month,
        previous_brag_code,
        change,
        due_text,
        due_date,
        due_reading,
        is_overdue,
        case
            when is_overdue then cast({{ dbt.datediff('due_date', 'extract_month', 'day') }} as integer)
        end as days_overdue,
        metric,
        current_text,
        current_number,
        current_unit,
        current_date_text,
        target_text,
        target_number,
        target_unit,
        target_date_text,
        target_date,
        target_direction,
        is_target_met,
        case
            when not is_listed then null
            when coalesce(brag_code, 'none') <> 'blue' then false
            else not is_target_met
        end as is_closed_with_target_unmet,
        extract_month
    from judged
)

select *
from final
