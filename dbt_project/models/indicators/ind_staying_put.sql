with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

ceased_periods as (
    select *
    from {{ ref('int_ceased_period') }}
    where age_after_ceasing >= 18
),

care_leavers as (
    select *
    from {{ ref('int_care_leaver') }}
),

left_as_adults as (
    {{ with_placement_on('ceased_periods', 'state_date') }}
),

left_foster_care as (
    select distinct
        months.la_code,
        months.extract_month,
        months.month,
        left_as_adults.child_id,
        left_as_adults.date_of_birth
    from months
    inner join left_as_adults
        on
            months.la_code = left_as_adults.la_code
            and months.extract_month = left_as_adults.extract_month
            and {{ is_within('left_as_adults.valid_from', 'left_as_adults.valid_to', 'months.month') }}
    where left_as_adults.placement_group = 'foster'
),

young_people as (
    select
        left_foster_care.*,
        {{ age_in_years('left_foster_care.date_of_birth', 'left_foster_care.month') }} as age,
        care_leavers.accommodation_letter,
        care_leavers.child_id is not null as is_in_list,
        coalesce(care_leavers.team_name, 'Not allocated') as team_name,
        coalesce(care_leavers.locality_name, 'Not allocated') as locality_name
    from left_foster_care
    left join care_leavers
        on
            left_foster_care.la_code = care_leavers.la_code
            and left_foster_care.extract_month = care_leavers.extract_month
            and left_foster_care.child_id = care_leavers.child_id
),

final as (
    {{ child_rows(
        'young_people', 'care_leavers_staying_put_18_20',
        is_in_numerator="accommodation_letter = 'Z'",
        reason="case when is_in_list then 'Lives elsewhere' else 'Not in the list of care leavers' end",
        codes={'age_single': 'age'},
        where='age between 18 and 20'
    ) }}
)

select *
from final
