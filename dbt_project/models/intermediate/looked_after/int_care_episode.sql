with episodes as (
    select
        *,
        {{ id_order('episode_id') }} as id_sort_key
    from {{ ref('stg_lcs__care_episode') }}
),

final as (
    select
        la_code,
        extract_month,
        episode_id,
        id_sort_key,
        child_id,
        period_of_care_id,
        start_date,
        start_reason_code,
        ceased_date,
        ceased_reason_code,
        primary_need_code,
        placement_id,
        case
            when period_of_care_id is null then coalesce(entered_care_date, start_date)
            else coalesce(
                min(entered_care_date) over (partition by la_code, extract_month, child_id, period_of_care_id),
                min(start_date) over (partition by la_code, extract_month, child_id, period_of_care_id)
            )
        end as entered_care_date
    from episodes
)

select *
from final
