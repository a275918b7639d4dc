with source as (
    {{ rows_of_this_extract('local_eet_plan', source_name='local') }}
),

renamed as (
    select
        la_code,
        extract_month,
        line_number,
        kind as kind_text,
        cohort,
        measure,
        value as value_text,
        unit,
        period
    from source
)

select *
from renamed
