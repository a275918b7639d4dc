with placements as (
    select *
    from {{ ref('int_placement') }}
),

stretches as (
    {{ effective_spells('placements', ['placement_id', 'is_temporary']) }}
),

temporary as (
    select *
    from stretches
    where is_temporary
),

episodes as (
    select
        *,
        ceased_date as end_date
    from {{ ref('int_care_episode') }}
),

periods as (
    {{ effective_spells('episodes', ['in_care_since', 'entered_care_date']) }}
),

-- while a temporary placement lasts, the one that it interrupts changes only where a period of care begins or ends,
-- and with a placement that has no day
change_days as (
    select
        la_code,
        extract_month,
        child_id,
        valid_from as day
    from periods
    union
    select
        la_code,
        extract_month,
        child_id,
        valid_to as day
    from periods
    union
    select
        la_code,
        extract_month,
        child_id,
        end_date as day
    from placements
    where end_date = start_date
),

part_starts as (
    select *
    from temporary
    union
    select temporary.* replace (change_days.day as valid_from)
    from temporary
    inner join change_days
        on
            temporary.la_code = change_days.la_code
            and temporary.extract_month = change_days.extract_month
            and temporary.child_id = change_days.child_id
            and temporary.valid_from < change_days.day
            and temporary.valid_to > change_days.day
),

parts as (
    select
        * replace (
            coalesce(
                lead(valid_from) over (partition by la_code, extract_month, child_id, valid_to order by valid_from),
                valid_to
            ) as valid_to
        )
    from part_starts
),

parts_in_care as (
    select
        parts.*,
        periods.in_care_since,
        periods.in_care_since is not null and periods.entered_care_date is null as is_without_entry_date
    from parts
    left join periods
        on
            parts.la_code = periods.la_code
            and parts.extract_month = periods.extract_month
            and parts.child_id = periods.child_id
            and {{ is_within('periods.valid_from', 'periods.valid_to', 'parts.valid_from') }}
),

-- open ones come before those that ended while the child was in care
interrupted as (
    select
        parts.la_code,
        parts.extract_month,
        parts.child_id,
        parts.valid_from,
        placements.placement_id,
        coalesce(placements.end_date <= parts.valid_from, false) as has_ended,
        row_number() over (
            partition by parts.la_code, parts.extract_month, parts.child_id, parts.valid_from
            order by
                case when placements.end_date <= parts.valid_from then placements.end_date end desc nulls first,
                placements.start_date desc,
                placements.id_sort_key desc
        ) as precedence
    from parts_in_care as parts
    inner join placements
        on
            parts.la_code = placements.la_code
            and parts.extract_month = placements.extract_month
            and parts.child_id = placements.child_id
            and not placements.is_temporary
            and (
                {{ is_open_on('placements.start_date', 'placements.end_date', 'parts.valid_from') }}
                or (placements.start_date >= parts.in_care_since and placements.end_date <= parts.valid_from)
            )
),

counting as (
    select
        la_code,
        extract_month,
        child_id,
        valid_from,
        valid_to,
        placement_id,
        false as is_in_doubt
    from stretches
    where not is_temporary
    union all
    select
        parts.la_code,
        parts.extract_month,
        parts.child_id,
        parts.valid_from,
        parts.valid_to,
        coalesce(interrupted.placement_id, parts.placement_id) as placement_id,
        -- the one that ended may be of an earlier period of care; where there is none, a cut drop may lack it
        case
            when interrupted.placement_id is null then parts.in_care_since is not null
            else interrupted.has_ended and parts.is_without_entry_date
        end as is_in_doubt
    from parts_in_care as parts
    left join interrupted
        on
            parts.la_code = interrupted.la_code
            and parts.extract_month = interrupted.extract_month
            and parts.child_id = interrupted.child_id
            and parts.valid_from = interrupted.valid_from
            and interrupted.precedence = 1
),

final as (
    select
        counting.la_code,
        counting.extract_month,
        counting.child_id,
        counting.valid_from,
        counting.valid_to,
        placements.placement_id,
        placements.placement_type_code,
        placements.placement_group,
        placements.provider_code,
        placements.distance_miles,
        placements.placement_la_code,
        placements.location,
        counting.is_in_doubt
    from counting
    inner join placements
        on
            counting.la_code = placements.la_code
            and counting.extract_month = placements.extract_month
            and counting.placement_id = placements.placement_id
)

select *
from final
