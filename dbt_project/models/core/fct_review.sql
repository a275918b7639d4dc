{% set columns %}
        la_code,
        extract_month,
        review_type,
        review_id,
        plan_id,
        period_of_care_id,
        child_id,
        is_other_authority,
        review_number,
        due_date,
        held_date,
        next_due_date,
        local_due_date,
        participation_code,
        meeting_id,
        is_quorate,
        is_counted,
        not_counted_reason
{%- endset %}

with cla_reviews as (
    select
        *,
        'cla_review' as review_type,
        cast(null as varchar) as plan_id,
        cast(null as varchar) as meeting_id,
        cast(null as boolean) as is_quorate,
        false as is_other_authority
    from {{ ref('int_cla_review') }}
),

cp_reviews as (
    select
        *,
        'cp_review' as review_type,
        cast(null as varchar) as period_of_care_id
    from {{ ref('int_cp_review') }}
),

conferences as (
    select
        *,
        'cp_initial_conference' as review_type,
        conference_id as review_id,
        cast(null as varchar) as period_of_care_id,
        false as is_other_authority,
        cast(null as bigint) as review_number,
        cast(null as date) as next_due_date,
        target_date as local_due_date,
        cast(null as varchar) as participation_code,
        cast(null as boolean) as is_quorate
    from {{ ref('int_initial_cp_conference') }}
),

officers as (
    select *
    from {{ ref('int_reviewing_officer_of_child') }}
),

delays as (
    select
        *,
        case review_type when 'icpc' then 'cp_initial_conference' else review_type end as delayed_review_type
    from {{ ref('stg_local__review_delay') }}
),

held_reviews as (
    select {{ columns }}
    from cla_reviews
    union all
    select {{ columns }}
    from cp_reviews
),

-- the team of the child on the day of the review
reviews_by_team as (
    {{ with_team_on('held_reviews', 'held_date') }}
),

-- the team on the record of the conference
conferences_by_team as (
    {{ with_team_of_record('conferences') }}
),

reviews as (
    select
        {{ columns }},
        team_name,
        locality_name
    from reviews_by_team
    union all
    select
        {{ columns }},
        team_name,
        locality_name
    from conferences_by_team
),

final as (
    select
        reviews.review_id,
        reviews.review_type,
        reviews.plan_id,
        reviews.period_of_care_id,
        reviews.la_code,
        reviews.child_id,
        reviews.is_other_authority,
        reviews.is_counted,
        reviews.not_counted_reason,
        cast(reviews.review_number as integer) as review_number,
        reviews.due_date,
        reviews.held_date,
        reviews.held_date <= reviews.due_date as is_on_time,
        cast(
            case
                when reviews.held_date <= reviews.due_date then 0
                else {{ dbt.datediff('reviews.due_date', 'reviews.held_date', 'day') }}
            end as integer
        ) as days_late,
        reviews.next_due_date,
        reviews.local_due_date,
        reviews.participation_code,
        reviews.participation_code not in ('PN4', 'PN7') as is_participated,
        reviews.team_name,
        reviews.locality_name,
        officers.worker_id as reviewing_officer_id,
        reviews.meeting_id,
        reviews.is_quorate,
        delays.late_reason_code,
        reviews.extract_month
    from reviews
    left join officers
        on
            reviews.la_code = officers.la_code
            and reviews.extract_month = officers.extract_month
            and reviews.child_id = officers.child_id
            and {{ is_within('officers.valid_from', 'officers.valid_to', 'reviews.held_date') }}
    left join delays
        on
            reviews.la_code = delays.la_code
            and reviews.extract_month = delays.extract_month
            and reviews.review_type = delays.delayed_review_type
            and reviews.review_id = delays.review_id
)

select *
from final
