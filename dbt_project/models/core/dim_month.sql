{{ config(materialized='table') }}

with days as (
    select *
    from {{ ref('int_calendar_day') }}
),

months as (
    select distinct last_day(day) as month
    from days
),

-- the calendar does not have the extract day of its last month
extract_days as (
    select
        last_day({{ add_months('day', -1) }}) as month,
        min(day) as extract_date
    from days
    where is_working_day
    group by last_day({{ add_months('day', -1) }})
),

final as (
    select
        months.month,
        {{ month_start('months.month') }} as month_start,
        {{ financial_year_start('months.month') }} as financial_year_start,
        cast(year({{ financial_year_start('months.month') }}) as varchar) || '/'
        || right(cast(year({{ financial_year_start('months.month') }}) + 1 as varchar), 2) as financial_year,
        extract_days.extract_date
    from months
    inner join extract_days
        on months.month = extract_days.month
)

select *
from final
