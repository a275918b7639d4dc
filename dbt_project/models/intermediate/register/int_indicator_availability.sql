with drops as (
    select *
    from {{ ref('stg_ingest__drop') }}
),

files as (
    select *
    from {{ ref('stg_ingest__drop_file') }}
),

needed as (
    {{ objects_needed(ref('indicator_register')) }}
),

delivered as (
    select distinct
        drops.la_code,
        drops.extract_month,
        files.object
    from drops
    inner join files
        on
            drops.la_code = files.la_code
            and drops.extract_month = files.extract_month
            and drops.attempted_at = files.attempted_at
),

final as (
    select
        drops.la_code,
        drops.extract_month,
        needed.indicator_id,
        count(*) = count(delivered.object) as is_available
    from drops
    cross join needed
    left join delivered
        on
            drops.la_code = delivered.la_code
            and drops.extract_month = delivered.extract_month
            and needed.object = delivered.object
    group by drops.la_code, drops.extract_month, needed.indicator_id
)

select *
from final
