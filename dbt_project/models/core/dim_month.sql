{{ config(materialized='table') }}

-- 2000 to 2039: every month that a drop or a comparator can bear.
with years as (
    {{ steps_up_to(39) }}
),

months_of_a_year as (
    {{ steps_up_to(11) }}
),

steps as (
    select years.step * 12 + months_of_a_year.step as step
    from years
    cross join months_of_a_year
),

bank_holidays as (
    select *
    from {{ ref('stg_lcs__bank_holiday') }}
),

months as (
    select last_day({{ add_months("date '2000-01-31'", 'steps.step') }}) as month
    from steps
),

days_after as (
    {{ steps_up_to(10) }}
),

working_days as (
    select
        months.month,
        {{ add_days('months.month', 'days_after.step') }} as day
    from months
    cross join days_after
    where days_after.step > 0
),

extract_days as (
    select
        working_days.month,
        min(working_days.day) as extract_date
    from working_days
    left join bank_holidays
        on working_days.day = bank_holidays.holiday_date
    where
        {{ iso_weekday('working_days.day') }} <= 5
        and bank_holidays.holiday_date is null
    group by working_days.month
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
