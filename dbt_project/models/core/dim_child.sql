with people as (
    select *
    from {{ ref('stg_lcs__person') }}
),

final as (
    select
        la_code,
        child_id,
        date_of_birth,
        expected_date_of_birth,
        date_of_death,
        sex_code,
        gender_code,
        ethnicity_code,
        has_ehc_plan,
        cast({{ age_in_years('date_of_birth', 'extract_month') }} as integer) as age,
        extract_month
    from people
)

select *
from final
