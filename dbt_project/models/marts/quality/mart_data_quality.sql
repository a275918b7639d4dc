with faults as (
    select distinct
        la_code,
        rule,
        object,
        record_key,
        team_name,
        extract_month
    from {{ ref('fct_record_fault') }}
),

rules as (
    select *
    from {{ ref('dim_rule') }}
),

runs as (
    select *
    from {{ ref('fct_rule_run') }}
),

-- two teams with the same name in two localities are one area here
record_counts as (
    select
        la_code,
        object,
        team_name,
        extract_month,
        sum(record_count) as record_count
    from {{ ref('fct_record_count') }}
    group by la_code, object, team_name, extract_month
),

extracts as (
    select
        la_code,
        extract_month,
        lead(extract_month) over (partition by la_code order by extract_month) as next_extract_month
    from (
        select distinct
            la_code,
            extract_month
        from runs
    ) as held
),

-- every rule that ran, and every team that has records of its object
checked as (
    select
        runs.la_code,
        runs.rule,
        record_counts.team_name,
        runs.extract_month,
        record_counts.record_count as checked
    from runs
    inner join rules
        on runs.rule = rules.rule
    inner join record_counts
        on
            runs.la_code = record_counts.la_code
            and runs.extract_month = record_counts.extract_month
            and rules.object = record_counts.object
    where runs.outcome = 'ran'
),

followed as (
    select
        faults.la_code,
        faults.rule,
        faults.team_name,
        faults.extract_month,
        extracts.next_extract_month,
        earlier.record_key is null as is_new,
        later.record_key is null and extracts.next_extract_month is not null as is_fixed_next
    from faults
    inner join extracts
        on
            faults.la_code = extracts.la_code
            and faults.extract_month = extracts.extract_month
    left join extracts as before
        on
            faults.la_code = before.la_code
            and faults.extract_month = before.next_extract_month
    left join faults as earlier
        on
            faults.la_code = earlier.la_code
            and faults.rule = earlier.rule
            and faults.object = earlier.object
            and faults.record_key = earlier.record_key
            and before.extract_month = earlier.extract_month
    left join faults as later
        on
            faults.la_code = later.la_code
            and faults.rule = later.rule
            and faults.object = later.object
            and faults.record_key = later.record_key
            and extracts.next_extract_month = later.extract_month
),

found as (
    select
        la_code,
        rule,
        team_name,
        extract_month,
        count(*) as failed,
        sum(case when is_new then 1 else 0 end) as new
    from followed
    group by la_code, rule, team_name, extract_month
),

fixed as (
    select
        la_code,
        rule,
        team_name,
        next_extract_month as extract_month,
        count(*) as fixed
    from followed
    where is_fixed_next
    group by la_code, rule, team_name, next_extract_month
),

teams as (
    select
        checked.la_code,
        checked.rule,
        'team' as area_type,
        checked.team_name as area_name,
        checked.extract_month,
        checked.checked,
        coalesce(found.failed, 0) as failed,
        coalesce(found.new, 0) as new,
        coalesce(fixed.fixed, 0) as fixed
    from checked
    left join found
        on
            checked.la_code = found.la_code
            and checked.rule = found.rule
            and checked.team_name = found.team_name
            and checked.extract_month = found.extract_month
    left join fixed
        on
            checked.la_code = fixed.la_code
            and checked.rule = fixed.rule
            and checked.team_name = fixed.team_name
            and checked.extract_month = fixed.extract_month
),

areas as (
    select *
    from teams
    union all
    select
        la_code,
        rule,
        'authority' as area_type,
        la_code as area_name,
        extract_month,
        sum(checked) as checked,
        sum(failed) as failed,
        sum(new) as new,
        sum(fixed) as fixed
    from teams
    group by la_code, rule, extract_month
),

final as (
    select
        areas.rule,
        rules.title,
        rules.severity,
        rules.object,
        areas.la_code,
        areas.area_type,
        areas.area_name,
        areas.extract_month as month,
        cast(areas.checked as bigint) as checked,
        cast(areas.failed as bigint) as failed,
        cast(areas.new as bigint) as new,
        cast(areas.fixed as bigint) as fixed,
        cast(100.0 * areas.failed / nullif(areas.checked, 0) as double) as failed_percent
    from areas
    inner join rules
        on areas.rule = rules.rule
)

select *
from final
