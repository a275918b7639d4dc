with plans as (
    select
        *,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        least(coalesce(end_date, extract_month), extract_month) as last_known_date,
        -- the team at the month end, or on the last day of a plan that has ended
        {{ last_known_day('start_date', 'end_date') }} as team_date
    from {{ ref('int_plan') }}
),

plans_by_team as (
    {{ with_team_on('plans', 'team_date') }}
),

final as (
    select
        plan_id,
        plan_type,
        la_code,
        child_id,
        coalesce(record_team_name, team_name) as team_name,
        coalesce(record_locality_name, locality_name) as locality_name,
        case when record_team_name is null then case_worker_id else record_worker_id end as worker_id,
        start_date,
        end_date,
        is_open,
        case
            when start_date <= extract_month then {{ dbt.datediff('start_date', 'last_known_date', 'day') }} + 1
        end as duration_days,
        category_code,
        case when is_open then review_due_date end as review_due_date,
        is_repeat,
        previous_plan_end_date,
        is_other_authority,
        id_sort_key,
        extract_month
    from plans_by_team
)

select *
from final
