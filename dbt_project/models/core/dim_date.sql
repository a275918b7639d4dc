{{ config(materialized='table') }}

select
    day,
    last_day(day) as month,
    {{ financial_year_start('day') }} as financial_year_start,
    cast(iso_weekday as integer) as iso_weekday,
    is_bank_holiday,
    is_working_day,
    cast(working_day_number as integer) as working_day_number
from {{ ref('int_calendar_day') }}
