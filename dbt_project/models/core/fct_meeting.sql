with all_conferences as (
    select
        *,
        {{ id_order('conference_id') }} as id_sort_key
    from {{ ref('int_initial_cp_conference') }}
),

all_reviews as (
    select
        *,
        {{ id_order('review_id') }} as id_sort_key
    from {{ ref('int_cp_review') }}
),

delays as (
    select *
    from {{ ref('stg_local__review_delay') }}
    where review_type = 'cp_review'
),

conferences as (
    {{ with_team_of_record('all_conferences') }}
),

reviews_by_team as (
    {{ with_team_on('all_reviews', 'held_date') }}
),

reviews as (
    select
        reviews_by_team.*,
        delays.late_reason_code
    from reviews_by_team
    left join delays
        on
            reviews_by_team.la_code = delays.la_code
            and reviews_by_team.extract_month = delays.extract_month
            and reviews_by_team.review_id = delays.review_id
),

-- a review of another authority's plan is held by that authority
children_of_meetings as (
    select
        la_code,
        extract_month,
        meeting_id,
        child_id,
        held_date,
        'ssd_initial_cp_conference' as object,
        true as is_initial,
        team_id is not null as has_team,
        cast(null as boolean) as is_late,
        cast(null as varchar) as late_reason_code,
        cast(null as boolean) as is_quorate,
        team_name,
        locality_name,
        id_sort_key
    from conferences
    where held_date is not null
    union all
    select
        la_code,
        extract_month,
        meeting_id,
        child_id,
        held_date,
        'ssd_cp_reviews' as object,
        false as is_initial,
        false as has_team,
        case when is_counted then coalesce(held_date > due_date, false) end as is_late,
        late_reason_code,
        is_quorate,
        team_name,
        locality_name,
        id_sort_key
    from reviews
    where held_date is not null and not is_other_authority
),

keyed as (
    select
        *,
        case
            when meeting_id is not null then concat_ws('/', meeting_id, cast(held_date as varchar))
            else concat_ws('/', child_id, cast(held_date as varchar), object)
        end as meeting_key
    from children_of_meetings
),

meetings as (
    select
        la_code,
        extract_month,
        meeting_key,
        meeting_id,
        held_date,
        bool_or(is_initial) as is_initial,
        count(distinct child_id) as children,
        count(distinct case when is_initial then child_id end) as initial_children,
        count(*) filter (where is_late) as late_reviews,
        -- null where no review of the meeting is counted
        bool_or(is_late) as is_late,
        min_by(late_reason_code, id_sort_key) filter (where is_late and late_reason_code is not null)
            as late_reason_code,
        -- null where it is not recorded of any review
        bool_and(is_quorate) as is_quorate,
        min_by(team_name, id_sort_key) filter (where has_team) as team_of_conference,
        min_by(locality_name, id_sort_key) filter (where has_team) as locality_of_conference,
        min_by(team_name, id_sort_key) filter (where not is_initial) as team_of_child,
        min_by(locality_name, id_sort_key) filter (where not is_initial) as locality_of_child
    from keyed
    group by la_code, extract_month, meeting_key, meeting_id, held_date
),

final as (
    select
        meeting_key,
        la_code,
        meeting_id,
        held_date,
        case when is_initial then 'initial' else 'review' end as meeting_type,
        cast(children as integer) as children,
        cast(initial_children as integer) as initial_children,
        cast(late_reviews as integer) as late_reviews,
        is_late,
        late_reason_code,
        is_quorate,
        case when is_initial then coalesce(team_of_conference, 'Not allocated') else team_of_child end as team_name,
        case when is_initial then coalesce(locality_of_conference, 'Not allocated') else locality_of_child end
            as locality_name,
        extract_month
    from meetings
)

select *
from final
