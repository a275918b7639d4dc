with people as (
    select *
    from {{ ref('stg_lcs__person') }}
),

disabilities as (
    select
        la_code,
        extract_month,
        child_id,
        bool_or(disability_code <> 'NONE') as has_disability
    from {{ ref('stg_lcs__disability') }}
    where disability_code <> ''
    group by la_code, extract_month, child_id
),

final as (
    select
        people.la_code,
        people.extract_month,
        people.child_id,
        people.date_of_birth,
        people.expected_date_of_birth,
        people.sex_code,
        people.ethnicity_code,
        case
            when disabilities.has_disability then 'yes'
            when not disabilities.has_disability then 'no'
        end as has_disability
    from people
    left join disabilities
        on
            people.la_code = disabilities.la_code
            and people.extract_month = disabilities.extract_month
            and people.child_id = disabilities.child_id
)

select *
from final
