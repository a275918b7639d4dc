with drops as (
    select *
    from {{ ref('stg_ingest__drop') }}
),

files as (
    select *
    from {{ ref('stg_ingest__drop_file') }}
),

months as (
    select *
    from {{ ref('int_reporting_month') }}
),

lists as (
    select *
    from {{ ref('stg_ingest__list_version') }}
),

reach as (
    select *
    from {{ ref('stg_ingest__drop_reach') }}
),

cp_plans as (
    select *
    from {{ ref('stg_lcs__cp_plan') }}
),

care_episodes as (
    select *
    from {{ ref('int_care_episode') }}
),

placements as (
    select *
    from {{ ref('int_placement_of_child') }}
),

needed as (
    {{ objects_needed(ref('indicator_register')) }}
),

delivered as (
    select distinct
        drops.la_code,
        drops.extract_month,
        files.object,
        drops.extract_month as delivered_month
    from drops
    inner join files
        on
            drops.la_code = files.la_code
            and drops.extract_month = files.extract_month
            and drops.attempted_at = files.attempted_at
    union
    -- a list that came in an earlier drop and still counts
    select
        la_code,
        extract_month,
        object,
        list_month
    from lists
),

oldest_plans as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        min(cp_plans.start_date) as oldest_plan_start
    from months
    inner join cp_plans
        on
            months.la_code = cp_plans.la_code
            and months.extract_month = cp_plans.extract_month
            and {{ is_open_on('cp_plans.start_date', 'cp_plans.end_date', 'months.month') }}
    group by months.la_code, months.extract_month, months.month
),

-- the drops in which a period of care has no known day of entry
without_entry_date as (
    select distinct
        la_code,
        extract_month
    from care_episodes
    where entered_care_date is null
),

-- the months in which a temporary placement may interrupt one that the drop lacks
doubtful_months as (
    select distinct
        months.la_code,
        months.extract_month,
        months.month
    from months
    inner join placements
        on
            months.la_code = placements.la_code
            and months.extract_month = placements.extract_month
            and placements.is_in_doubt
            and placements.valid_from <= months.month
            and placements.valid_to >= months.month_start
),

dated_months as (
    select
        months.*,
        oldest_plans.oldest_plan_start,
        doubtful_months.la_code is not null as is_placement_in_doubt,
        without_entry_date.la_code is not null as is_without_entry_date
    from months
    left join oldest_plans
        on
            months.la_code = oldest_plans.la_code
            and months.extract_month = oldest_plans.extract_month
            and months.month = oldest_plans.month
    left join without_entry_date
        on
            months.la_code = without_entry_date.la_code
            and months.extract_month = without_entry_date.extract_month
    left join doubtful_months
        on
            months.la_code = doubtful_months.la_code
            and months.extract_month = doubtful_months.extract_month
            and months.month = doubtful_months.month
),

-- a delivered day of entry says more than the episodes before it, a placement that no other interrupts more than those
-- before it; an earlier month needs more than the latest event
needed_in_month as (
    select
        dated_months.la_code,
        dated_months.extract_month,
        dated_months.month,
        needed.indicator_id,
        needed.object,
        needed.back,
        needed.is_latest_enough and dated_months.month = dated_months.extract_month as is_latest_enough,
        {{ needed_from('dated_months', 'needed.back') }} as needed_from
    from dated_months
    cross join needed
    where
        needed.column_name is null
        or (needed.column_name = 'clae_entered_care_date' and dated_months.is_without_entry_date)
        or (needed.column_name = 'clap_cla_placement_type' and dated_months.is_placement_in_doubt)
),

judged as (
    select
        needs.*,
        delivered.object is null as is_missing,
        case when delivered.object like 'local_%' then delivered.delivered_month end as list_month,
        coalesce(reach.complete_from > needs.needed_from, false) as is_too_short,
        -- the drop does not say which row of a child is its latest: an earlier row may be the open one
        not coalesce(reach.is_every_event, true)
        and (reach.basis = 'seen' or not needs.is_latest_enough) as is_latest_only,
        reach.complete_from,
        reach.title,
        reach.basis,
        'the figure needs all' || case needs.back
            when 'all' then ''
            when '0' then ' that was open at the month end'
            when 'plan' then ' since the oldest open child protection plan began'
            else ' from ' || {{ day_in_words('needs.needed_from') }} || ' on'
        end as need_in_words
    from needed_in_month as needs
    left join delivered
        on
            needs.la_code = delivered.la_code
            and needs.extract_month = delivered.extract_month
            and needs.object = delivered.object
    left join reach
        on
            needs.la_code = reach.la_code
            and needs.extract_month = reach.extract_month
            and needs.object = reach.object
            -- a layout without teams has no team rows
            and (needs.object <> 'ssd_involvements' or reach.has_teams)
),

explained as (
    select
        *,
        case
            when is_missing and object = 'reference_postcode'
                then 'raw/reference/postcode.csv was not there when the drop was read'
            when is_missing and object like 'local_%' then 'the list ' || object || ' was not delivered'
            when is_missing then 'the object ' || object || ' was not delivered'
            when is_latest_only then title || ': this drop holds the latest only, the figure needs all'
            when is_too_short and complete_from > extract_month
                then title || ': this drop lacks what ended in its window and began before it, ' || need_in_words
            when is_too_short
                then title || ': this drop begins on ' || {{ day_in_words('complete_from') }} || ', ' || need_in_words
        end as fault
    from judged
),

final as (
    select
        la_code,
        extract_month,
        month,
        indicator_id,
        count(fault) = 0 as is_available,
        string_agg(distinct fault, '; ' order by fault) || case
            when bool_or(fault is not null and basis = 'seen' and not is_missing)
                then '. The data of the drop show this; if it holds more, say so in raw/reference/drop_reach.csv'
            else ''
        end as not_available_reason,
        min(list_month) as list_month
    from explained
    group by la_code, extract_month, month, indicator_id
)

select *
from final
