with failures as (
    select *
    from {{ ref('stg_quality__rule_failure') }}
),

flags as (
    select *
    from {{ ref('stg_quality__ingest_flag') }}
),

faults as (
    select
        la_code,
        extract_month,
        rule,
        object,
        cast(null as varchar) as column_name,
        record_key,
        child_id,
        cast(null as varchar) as source_file,
        cast(null as bigint) as line_number
    from failures
    union all
    select
        la_code,
        extract_month,
        rule,
        object,
        column_name,
        record_key,
        child_id,
        source_file,
        line_number
    from flags
),

-- the team and the worker who can correct it: those of the child at the month end
faults_by_team as (
    {{ with_team_on('faults', 'extract_month') }}
),

final as (
    select
        la_code,
        rule,
        object,
        column_name,
        record_key,
        child_id,
        team_name,
        locality_name,
        case_worker_id as worker_id,
        source_file,
        line_number,
        extract_month
    from faults_by_team
)

select *
from final
