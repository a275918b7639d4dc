{{ config(contract={'enforced': true}) }}

with child_rows as (
    select *
    from {{ ref('fct_indicator_child') }}
),

computed_months as (
    select
        la_code,
        month,
        max(extract_month) as extract_month
    from {{ ref('fct_indicator_value') }}
    group by la_code, month
),

layouts as (
    {{ layouts_of_extracts(ref('fct_indicator_value')) }}
),

-- an extract that cannot give a figure has no child rows of it: nothing was withdrawn
not_given as (
    {{ figures_not_given(ref('fct_indicator_value')) }}
),

months_reported as (
    select distinct
        la_code,
        month
    from {{ ref('fct_indicator_child') }}
    where month = extract_month
),

objects as (
    select
        indicator_id,
        object
    from ({{ objects_needed(ref('indicator_register')) }}) as needed
    union
    -- the person and the team of the child matter to every indicator
    select
        register.indicator_id,
        always.object
    from {{ ref('indicator_register') }} as register
    cross join (values ('ssd_person'), ('ssd_involvements')) as always (object)
    union
    -- the two dates of the care leaver list matter to the indicators that use them
    select
        dates.indicator_id,
        dates.object
    from (
        values
        ('care_leavers_in_touch', 'ssd_care_leavers latest contact'),
        ('care_leavers_pathway_plan_up_to_date', 'ssd_care_leavers pathway plan')
    ) as dates (indicator_id, object)
),

restated_months as (
    select
        *,
        max(extract_month) over (partition by la_code) as newest_extract_month
    from computed_months
),

-- the reported months that the newest extract has computed again: not those before
compared_months as (
    select
        restated_months.la_code,
        restated_months.month,
        restated_months.newest_extract_month
    from restated_months
    inner join months_reported
        on
            restated_months.la_code = months_reported.la_code
            and restated_months.month = months_reported.month
    {{ join_then_and_now('inner', 'layouts', 'restated_months', 'restated_months.newest_extract_month', ['la_code']) }}
    where
        restated_months.extract_month = restated_months.newest_extract_month
        -- what another layout lacks was not withdrawn
        and layouts_then.source_layout = layouts_now.source_layout
        and restated_months.month < restated_months.newest_extract_month
),

compared_extracts as (
    select
        la_code,
        month as extract_month
    from compared_months
    union
    select
        la_code,
        newest_extract_month as extract_month
    from compared_months
),

-- joined with the few extracts first: no engine needs the records of all extracts in memory then
records as (
    select record_versions.*
    from {{ ref('ind_record_version') }} as record_versions
    inner join compared_extracts
        on
            record_versions.la_code = compared_extracts.la_code
            and record_versions.extract_month = compared_extracts.extract_month
),

-- 1 for what is counted now, -1 for what was counted then; rows that did not change add up to 0
entries as (
    select
        child_rows.*,
        compared_months.newest_extract_month,
        case when child_rows.extract_month = compared_months.newest_extract_month then 1 else -1 end as entry
    from child_rows
    inner join compared_months
        on
            child_rows.la_code = compared_months.la_code
            and child_rows.month = compared_months.month
    {{ join_then_and_now(
        'left', 'not_given', 'child_rows', 'compared_months.newest_extract_month', ['indicator_id', 'la_code', 'month']
    ) }}
    where
        child_rows.extract_month in (child_rows.month, compared_months.newest_extract_month)
        and not_given_then.indicator_id is null
        and not_given_now.indicator_id is null
),

changes as (
    select
        indicator_id,
        la_code,
        child_id,
        event_id,
        unit_id,
        month,
        area_name,
        locality_name,
        newest_extract_month,
        {{ sum_of_values('numerator_value * entry') }} as numerator_change,
        -- of plain counts and rates, what is counted
        {{ sum_of_values('coalesce(denominator_value, numerator_value) * entry') }} as denominator_change
    from entries
    group by
        indicator_id, la_code, child_id, event_id, unit_id, month, area_name, locality_name, newest_extract_month
    having numerator_change <> 0 or denominator_change <> 0
),

-- the records of a change are those of its child. Without one they are those of the unit: their key is its id, or
-- what it begins with before a "/"
change_keys as (
    select
        indicator_id,
        la_code,
        child_id,
        unit_id,
        month,
        newest_extract_month,
        unnest(
            case
                when child_id is not null then [null]
                else [
                    array_to_string(string_split(unit_id, '/')[:parts], '/')
                    for parts in range(1, len(string_split(unit_id, '/')) + 1)
                ]
            end
        ) as unit_key
    from changes
),

changed_by_indicator as (
    select distinct
        indicator_id,
        la_code,
        child_id,
        case when child_id is null then unit_id end as unit_id,
        unit_key,
        month
    from change_keys
),

changed_owners as (
    select distinct
        la_code,
        child_id,
        unit_key,
        month,
        newest_extract_month
    from change_keys
),

-- the two extracts of each change: the month's own and the newest
versions as (
    select
        la_code,
        child_id,
        unit_key,
        month as extract_month
    from changed_owners
    union
    select
        la_code,
        child_id,
        unit_key,
        newest_extract_month as extract_month
    from changed_owners
),

known as (
    select records.*
    from records
    inner join versions
        on
            records.la_code = versions.la_code
            and records.child_id is not distinct from versions.child_id
            and records.unit_key is not distinct from versions.unit_key
            and records.extract_month = versions.extract_month
),

-- the records of these children and units as the drop of the month had them, and as the newest drop has them
then_known as (
    select
        changed_owners.month,
        known.*
    from changed_owners
    inner join known
        on
            changed_owners.la_code = known.la_code
            and changed_owners.child_id is not distinct from known.child_id
            and changed_owners.unit_key is not distinct from known.unit_key
            and changed_owners.month = known.extract_month
),

now_known as (
    select
        changed_owners.month,
        known.*
    from changed_owners
    inner join known
        on
            changed_owners.la_code = known.la_code
            and changed_owners.child_id is not distinct from known.child_id
            and changed_owners.unit_key is not distinct from known.unit_key
            and changed_owners.newest_extract_month = known.extract_month
),

-- dates after the month do not matter to it
record_pairs as (
    select
        coalesce(then_known.la_code, now_known.la_code) as la_code,
        coalesce(then_known.child_id, now_known.child_id) as child_id,
        coalesce(then_known.unit_key, now_known.unit_key) as unit_key,
        coalesce(then_known.month, now_known.month) as month,
        coalesce(then_known.object, now_known.object) as object,
        coalesce(then_known.is_written_over, now_known.is_written_over) as is_written_over,
        then_known.record_id is not null as was_recorded,
        now_known.record_id is not null as is_recorded,
        then_known.record_id is not null
        and coalesce(then_known.first_date <= then_known.month, true) as was_there,
        now_known.record_id is not null
        and coalesce(now_known.first_date <= now_known.month, true) as is_there,
        case when then_known.last_date <= then_known.month then then_known.last_date end as then_last_date,
        case when now_known.last_date <= now_known.month then now_known.last_date end as now_last_date,
        now_known.latest_date as now_latest_date,
        coalesce(then_known.latest_date < now_known.latest_date, true) as is_later,
        (then_known.first_date is distinct from now_known.first_date)
        or (then_known.latest_date is distinct from now_known.latest_date)
        or (then_known.content is distinct from now_known.content) as has_changed
    from then_known
    full outer join now_known
        on
            then_known.la_code = now_known.la_code
            and then_known.month = now_known.month
            and then_known.object = now_known.object
            and then_known.record_id = now_known.record_id
            and then_known.child_id is not distinct from now_known.child_id
            and then_known.unit_key is not distinct from now_known.unit_key
),

record_causes as (
    select
        *,
        case
            when was_there and not is_recorded then 'withdrawal'
            when is_there and not was_recorded then 'late_recording'
            when not was_there and not is_there then null
            when was_there <> is_there then 'correction'
            when then_last_date is null and now_last_date is not null then 'late_recording'
            when now_latest_date <= month and is_later then 'late_recording'
            when has_changed and is_written_over then 'overwritten'
            when has_changed or (then_last_date is distinct from now_last_date) then 'correction'
        end as cause
    from record_pairs
),

-- where several causes apply, the first in this order is named
causes as (
    select
        changes.indicator_id,
        changes.la_code,
        changes.child_id,
        changes.unit_id,
        changes.month,
        min(
            case record_causes.cause
                when 'withdrawal' then 1
                when 'late_recording' then 2
                when 'correction' then 3
                when 'overwritten' then 4
            end
        ) as cause_rank
    from changed_by_indicator as changes
    inner join objects
        on changes.indicator_id = objects.indicator_id
    inner join record_causes
        on
            changes.la_code = record_causes.la_code
            and changes.child_id is not distinct from record_causes.child_id
            and changes.unit_key is not distinct from record_causes.unit_key
            and changes.month = record_causes.month
            and objects.object = record_causes.object
    group by changes.indicator_id, changes.la_code, changes.child_id, changes.unit_id, changes.month
),

final as (
    select
        changes.indicator_id,
        changes.la_code,
        changes.child_id,
        changes.event_id,
        changes.month,
        changes.newest_extract_month as extract_month,
        changes.area_name,
        changes.locality_name,
        changes.numerator_change,
        changes.denominator_change,
        case causes.cause_rank
            when 1 then 'withdrawal'
            when 2 then 'late_recording'
            when 3 then 'correction'
            when 4 then 'overwritten'
            else 'other'
        end as cause,
        changes.unit_id
    from changes
    left join causes
        on
            changes.indicator_id = causes.indicator_id
            and changes.la_code = causes.la_code
            and changes.child_id is not distinct from causes.child_id
            and case when changes.child_id is null then changes.unit_id end is not distinct from causes.unit_id
            and changes.month = causes.month
)

select *
from final
