-- 2000 to 2040: every day that a drop, a review or a comparator can have.
with hundreds as (
    {{ steps_up_to(149) }}
),

units as (
    {{ steps_up_to(99) }}
),

days as (
    select {{ days_later(first_calendar_day(), 'cast(hundreds.step * 100 + units.step as integer)') }} as day
    from hundreds
    cross join units
),

bank_holidays as (
    select *
    from {{ ref('stg_reference__bank_holiday') }}
),

kinds as (
    select
        days.day,
        {{ iso_weekday('days.day') }} as iso_weekday,
        bank_holidays.holiday_date is not null as is_bank_holiday,
        {{ iso_weekday('days.day') }} <= 5 and bank_holidays.holiday_date is null as is_working_day
    from days
    left join bank_holidays
        on days.day = bank_holidays.holiday_date
    where days.day <= date '2040-12-31'
),

final as (
    select
        day,
        iso_weekday,
        is_bank_holiday,
        is_working_day,
        -- number of working days up to this day
        sum(case when is_working_day then 1 else 0 end) over (
            order by day rows between unbounded preceding and current row
        ) as working_day_number
    from kinds
)

select *
from final
