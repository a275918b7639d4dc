with figures as (
    select
        *,
        coalesce({{ letters_and_digits('kind_text') }}, 'not given') as kind_word,
        coalesce(cohort, 'not given') as cohort_given,
        coalesce(measure, 'not given') as measure_given,
        coalesce(period, 'not given') as period_given
    from {{ ref('stg_local__eet_plan') }}
),

final as (
    select
        la_code,
        kind_word as kind,
        cohort_given as cohort,
        measure_given as measure,
        period_given as period,
        cast(
            row_number() over (
                partition by la_code, extract_month, kind_word, cohort_given, measure_given, period_given
                order by line_number
            ) as integer
        ) as entry_number,
        case
            when {{ letters_and_digits('unit') }} in ('percentage', 'percent') then 'percentage'
            when {{ letters_and_digits('unit') }} in ('youngpeople', 'number', 'people', 'children')
                then 'young_people'
            when {{ unit_in('value_text') }} = 'percentage' then 'percentage'
        end as unit,
        value_text,
        {{ number_in('value_text') }} as value,
        extract_month
    from figures
)

select *
from final
