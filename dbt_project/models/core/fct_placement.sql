with placements as (
    select *
    from {{ ref('int_placement') }}
),

-- the earliest start of the placements that ended the day this one began, or the day before
preceding as (
    select
        placements.la_code,
        placements.extract_month,
        placements.placement_id,
        min(earlier.start_date) as preceding_start_date
    from placements
    inner join placements as earlier
        on
            placements.la_code = earlier.la_code
            and placements.extract_month = earlier.extract_month
            and placements.child_id = earlier.child_id
            and placements.placement_id <> earlier.placement_id
            -- a placement that starts and ends on one day cannot be continued
            and earlier.start_date < earlier.end_date
            and (
                earlier.end_date = placements.start_date
                or earlier.end_date = {{ day_before('placements.start_date') }}
            )
    group by placements.la_code, placements.extract_month, placements.placement_id
),

-- the team at the month end, or on the last day of a placement that has ended
dated as (
    select
        placements.*,
        preceding.preceding_start_date,
        {{ last_known_day('placements.start_date', 'placements.end_date', 'placements.extract_month') }} as team_date
    from placements
    left join preceding
        on
            placements.la_code = preceding.la_code
            and placements.extract_month = preceding.extract_month
            and placements.placement_id = preceding.placement_id
),

dated_by_team as (
    {{ with_team_on('dated', 'team_date') }}
),

final as (
    select
        placement_id,
        la_code,
        child_id,
        period_of_care_id,
        placement_type_code,
        placement_group,
        is_temporary,
        is_adoptive,
        start_date,
        end_date,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        preceding_start_date,
        provider_code,
        provider_urn,
        distance_miles,
        placement_la_code,
        is_in_area,
        location,
        change_reason_code,
        team_name,
        locality_name,
        extract_month
    from dated_by_team
)

select *
from final
