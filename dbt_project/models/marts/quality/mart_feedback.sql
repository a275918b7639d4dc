{{ config(materialized='view') }}

with faults as (
    select distinct
        la_code,
        rule,
        object,
        coalesce(column_name, '') as column_name,
        record_key,
        child_id,
        team_name,
        worker_id,
        extract_month
    from {{ ref('fct_record_fault') }}
    where record_key is not null
),

issues as (
    select
        la_code,
        rule,
        object,
        coalesce(column_name, '') as column_name,
        record_key,
        first_seen_extract
    from {{ ref('dq_issue') }}
),

rules as (
    select *
    from {{ ref('dim_rule') }}
),

-- child rows of the month of the extract
counted as (
    select distinct
        children.la_code,
        children.child_id,
        children.extract_month,
        children.indicator_id,
        register.indicator_name
    from {{ ref('fct_indicator_child') }} as children
    inner join {{ ref('indicator_register') }} as register
        on children.indicator_id = register.indicator_id
    where children.month = children.extract_month
),

extracts as (
    select
        la_code,
        extract_month,
        lag(extract_month) over (partition by la_code order by extract_month) as extract_before
    from (
        select distinct
            la_code,
            extract_month
        from {{ ref('fct_rule_run') }}
    ) as held
),

-- the figures of this month that count the child of a fault and that the fault may make wrong
figures as (
    select
        faults.la_code,
        faults.rule,
        faults.child_id,
        faults.extract_month,
        count(*) as figure_count,
        {{ listed('counted.indicator_name') }} as figures
    from (
        select distinct
            la_code,
            rule,
            child_id,
            extract_month
        from faults
    ) as faults
    inner join rules
        on faults.rule = rules.rule
    inner join counted
        on
            faults.la_code = counted.la_code
            and faults.child_id = counted.child_id
            and faults.extract_month = counted.extract_month
            and concat(', ', rules.threatens, ',') like concat('%, ', counted.indicator_id, ',%')
    group by faults.la_code, faults.rule, faults.child_id, faults.extract_month
),

final as (
    select
        faults.la_code,
        coalesce(faults.team_name, 'Not allocated') as team_name,
        faults.rule,
        coalesce(rules.title, replace(faults.rule, '_', ' ')) as title,
        coalesce(rules.severity, 'query') as severity,
        faults.object,
        nullif(faults.column_name, '') as column_name,
        faults.record_key,
        faults.child_id,
        faults.worker_id,
        coalesce(figures.figure_count, 0) as figure_count,
        figures.figures,
        issues.first_seen_extract,
        cast({{ dbt.datediff('issues.first_seen_extract', 'faults.extract_month', 'day') }} as integer) as age_days,
        before.record_key is null as is_new,
        faults.extract_month
    from faults
    inner join issues
        on
            faults.la_code = issues.la_code
            and faults.rule = issues.rule
            and faults.object = issues.object
            and faults.column_name = issues.column_name
            and faults.record_key = issues.record_key
    inner join extracts
        on
            faults.la_code = extracts.la_code
            and faults.extract_month = extracts.extract_month
    left join faults as before
        on
            extracts.la_code = before.la_code
            and extracts.extract_before = before.extract_month
            and faults.rule = before.rule
            and faults.object = before.object
            and faults.column_name = before.column_name
            and faults.record_key = before.record_key
    left join rules
        on faults.rule = rules.rule
    left join figures
        on
            faults.la_code = figures.la_code
            and faults.rule = figures.rule
            and faults.child_id = figures.child_id
            and faults.extract_month = figures.extract_month
)

select *
from final
