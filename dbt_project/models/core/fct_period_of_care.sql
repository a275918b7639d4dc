with episodes as (
    select *
    from {{ ref('int_care_episode') }}
    where
        period_of_care_id is not null
        and start_date <= extract_month
),

looked_after as (
    select *
    from {{ ref('int_looked_after_month_end') }}
    where month = extract_month
),

ranked as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, child_id, period_of_care_id
            order by {{ last_episode_first() }}
        ) as precedence,
        count(*) over (partition by la_code, extract_month, child_id, period_of_care_id) as episode_count,
        max(coalesce({{ is_open_on('start_date', 'ceased_date', 'extract_month') }}, false))
            over (partition by la_code, extract_month, child_id, period_of_care_id) as is_open
    from episodes
),

periods as (
    select
        *,
        coalesce(ceased_date <= extract_month, false)
        and {{ is_ceasing('ceased_reason_code') }} as has_ceased
    from ranked
    where precedence = 1
),

dated as (
    select
        *,
        case when has_ceased then {{ day_before('ceased_date') }} else extract_month end as state_date
    from periods
),

dated_by_status as (
    {{ with_legal_status_on('dated', 'state_date') }}
),

dated_by_team as (
    {{ with_team_on('dated_by_status', 'state_date') }}
),

final as (
    select
        periods.period_of_care_id,
        periods.la_code,
        periods.child_id,
        periods.entered_care_date,
        case when periods.has_ceased then periods.ceased_date end as ceased_date,
        case when periods.has_ceased then periods.ceased_reason_code end as ceased_reason_code,
        periods.is_open,
        looked_after.child_id is not null as is_looked_after,
        periods.legal_status_code,
        periods.is_short_break,
        periods.primary_need_code,
        periods.episode_count,
        periods.team_name,
        periods.locality_name,
        periods.case_worker_id as worker_id,
        periods.extract_month
    from dated_by_team as periods
    left join looked_after
        on
            periods.la_code = looked_after.la_code
            and periods.extract_month = looked_after.extract_month
            and periods.child_id = looked_after.child_id
            and periods.period_of_care_id = looked_after.period_of_care_id
)

select *
from final
