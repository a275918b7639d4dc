{{ config(materialized='table') }}

with faults as (
    select *
    from {{ ref('fct_record_fault') }}
),

extracts as (
    select distinct
        la_code,
        extract_month
    from {{ ref('fct_rule_run') }}
),

ranked as (
    select
        *,
        min(extract_month) over (
            partition by la_code, rule, object, column_name, record_key
        ) as first_seen_extract,
        row_number() over (
            partition by la_code, rule, object, column_name, record_key
            order by extract_month desc, line_number asc
        ) as precedence
    from faults
),

-- the content when the fault was last seen
last_seen as (
    select *
    from ranked
    where precedence = 1
),

dated as (
    select
        last_seen.la_code,
        last_seen.rule,
        last_seen.object,
        last_seen.column_name,
        last_seen.record_key,
        last_seen.first_seen_extract,
        last_seen.extract_month as last_seen_extract,
        min(case when extracts.extract_month > last_seen.extract_month then extracts.extract_month end)
            as resolved_extract,
        max(extracts.extract_month) as newest_extract
    from last_seen
    inner join extracts
        on last_seen.la_code = extracts.la_code
    group by
        last_seen.la_code, last_seen.rule, last_seen.object, last_seen.column_name, last_seen.record_key,
        last_seen.first_seen_extract, last_seen.extract_month
),

final as (
    select
        dated.la_code,
        dated.rule,
        dated.object,
        dated.column_name,
        dated.record_key,
        last_seen.child_id,
        last_seen.team_name,
        last_seen.locality_name,
        last_seen.worker_id,
        last_seen.source_file,
        last_seen.line_number,
        dated.first_seen_extract,
        dated.last_seen_extract,
        dated.resolved_extract,
        cast(
            {{ dbt.datediff(
                'dated.first_seen_extract', 'coalesce(dated.resolved_extract, dated.newest_extract)', 'day'
            ) }}
            as integer
        ) as age_days
    from dated
    inner join last_seen
        on
            dated.la_code = last_seen.la_code
            and dated.rule = last_seen.rule
            and dated.object = last_seen.object
            and coalesce(dated.column_name, '') = coalesce(last_seen.column_name, '')
            and coalesce(dated.record_key, '') = coalesce(last_seen.record_key, '')
)

select *
from final
