with figures as (
    select *
    from {{ ref('fct_eet_plan') }}
),

-- number of young people that a percentage refers to; not known where the list gives two numbers
cohort_numbers as (
    select
        la_code,
        extract_month,
        cohort,
        period,
        max(value) as cohort_number
    from figures
    where
        kind = 'table'
        and unit = 'young_people'
        and {{ letters_and_digits('measure') }} = 'number'
    group by la_code, extract_month, cohort, period
    having count(*) = 1
),

final as (
    select
        figures.la_code,
        figures.kind,
        figures.cohort,
        figures.measure,
        figures.period,
        figures.entry_number,
        figures.unit,
        figures.value_text,
        figures.value,
        case
            when figures.kind = 'table' and figures.unit = 'percentage' then cohort_numbers.cohort_number
        end as of_young_people,
        case
            when figures.unit = 'young_people' then figures.value
            when figures.kind = 'table' and figures.unit = 'percentage'
                then round(cohort_numbers.cohort_number * figures.value / 100)
        end as young_people,
        figures.extract_month
    from figures
    left join cohort_numbers
        on
            figures.la_code = cohort_numbers.la_code
            and figures.extract_month = cohort_numbers.extract_month
            and figures.cohort = cohort_numbers.cohort
            and figures.period = cohort_numbers.period
)

select *
from final
