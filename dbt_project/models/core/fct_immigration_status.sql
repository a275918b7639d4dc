with statuses as (
    select *
    from {{ ref('stg_lcs__immigration_status') }}
),

dated as (
    select
        *,
        {{ last_known_day('start_date', 'end_date') }} as team_date
    from statuses
),

dated_by_team as (
    {{ with_team_on('dated', 'team_date') }}
),

final as (
    select
        immigration_status_id,
        la_code,
        child_id,
        case
            when immigration_status_text in ('UASC', 'LR', 'ILR', 'ALTR') then immigration_status_text
            when immigration_status_text is not null then 'other'
        end as status_code,
        start_date,
        end_date,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        team_name,
        locality_name,
        extract_month
    from dated_by_team
)

select *
from final
