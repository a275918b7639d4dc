with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

people as (
    select *
    from {{ ref('dim_child') }}
),

cases as (
    select *
    from {{ ref('fct_pre_proceedings') }}
),

arrangements as (
    select *
    from {{ ref('fct_private_fostering') }}
),

open_cases as (
    {{ in_each_month('cases', is_open_on('cases.decision_date', 'cases.ended_date', 'months.month')) }}
),

in_pre_proceedings as (
    select
        open_cases.la_code,
        open_cases.extract_month,
        open_cases.month,
        open_cases.child_id,
        min(open_cases.decision_date) as decision_date
    from open_cases
    inner join people
        on
            open_cases.la_code = people.la_code
            and open_cases.extract_month = people.extract_month
            and open_cases.child_id = people.child_id
    where
        {{ age_in_years('people.date_of_birth', 'open_cases.month') }} < 18
        -- unborn
        or (people.date_of_birth is null and people.expected_date_of_birth is not null)
    group by open_cases.la_code, open_cases.extract_month, open_cases.month, open_cases.child_id
),

open_arrangements as (
    {{ in_each_month(
        'arrangements', is_open_on('arrangements.start_date', 'arrangements.end_date', 'months.month')
    ) }}
),

fostered_privately as (
    select
        la_code,
        extract_month,
        month,
        child_id,
        min(start_date) as start_date
    from open_arrangements
    group by la_code, extract_month, month, child_id
),

in_pre_proceedings_by_team as (
    {{ with_team_on('in_pre_proceedings', 'month') }}
),

fostered_privately_by_team as (
    {{ with_team_on('fostered_privately', 'month') }}
),

final as (
    {{ child_rows('in_pre_proceedings_by_team', 'pre_proceedings_open', actual_date='decision_date') }}
    union all
    {{ child_rows('fostered_privately_by_team', 'private_fostering', actual_date='start_date') }}
)

select *
from final
