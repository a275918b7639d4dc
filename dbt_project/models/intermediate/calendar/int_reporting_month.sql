with drops as (
    select *
    from {{ ref('stg_ingest__drop') }}
),

steps as (
    {{ steps_up_to(var('restated_months') | int) }}
),

months as (
    select
        drops.la_code,
        drops.extract_month,
        drops.source_layout,
        last_day({{ add_months('drops.extract_month', '-steps.step') }}) as month
    from drops
    cross join steps
),

final as (
    select
        la_code,
        extract_month,
        month,
        source_layout,
        {{ month_start('month') }} as month_start,
        {{ financial_year_start('month') }} as financial_year_start,
        {{ add_months('month', -12) }} as rolling_year_start,
        case when month = extract_month then 'as_reported' else 'restated' end as basis
    from months
)

select *
from final
