with visits as (
    select
        la_code,
        extract_month,
        'cin' as visit_type,
        visit_id,
        child_id,
        cast(null as varchar) as plan_id,
        cast(null as varchar) as period_of_care_id,
        visit_date,
        is_child_seen,
        is_child_seen_alone,
        is_bedroom_seen
    from {{ ref('stg_lcs__cin_visit') }}
    union all
    select
        la_code,
        extract_month,
        'cp' as visit_type,
        visit_id,
        child_id,
        plan_id,
        cast(null as varchar) as period_of_care_id,
        visit_date,
        is_child_seen,
        is_child_seen_alone,
        is_bedroom_seen
    from {{ ref('stg_lcs__cp_visit') }}
    union all
    select
        la_code,
        extract_month,
        'cla' as visit_type,
        visit_id,
        child_id,
        cast(null as varchar) as plan_id,
        period_of_care_id,
        visit_date,
        is_child_seen,
        is_child_seen_alone,
        cast(null as boolean) as is_bedroom_seen
    from {{ ref('stg_lcs__cla_visit') }}
),

visits_by_team as (
    {{ with_team_on('visits', 'visit_date') }}
),

final as (
    select
        visit_id,
        visit_type,
        la_code,
        child_id,
        plan_id,
        period_of_care_id,
        visit_date,
        is_child_seen,
        is_child_seen_alone,
        is_bedroom_seen,
        team_name,
        locality_name,
        extract_month
    from visits_by_team
)

select *
from final
