with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

care_leavers as (
    select *
    from {{ ref('int_care_leaver') }}
),

advisers as (
    select *
    from {{ ref('stg_lcs__involvement') }}
    where role_code = '16PLUS'
),

months_of_school_years as (
    select
        *,
        {{ end_of_school_year('month') }} as end_of_school_year
    from months
),

months_with_parameters as (
    {{ with_parameters('months_of_school_years', 'month', [
        'age_of_youngest_care_leaver', 'age_of_oldest_care_leaver', 'months_of_pathway_plan', 'months_since_contact',
    ]) }}
),

advised as (
    select distinct
        months.la_code,
        months.extract_month,
        months.month,
        advisers.child_id
    from months
    inner join advisers
        on
            months.la_code = advisers.la_code
            and months.extract_month = advisers.extract_month
            and {{ is_open_on('advisers.start_date', 'advisers.end_date', 'months.month') }}
),

people as (
    select
        months.month,
        months.age_of_youngest_care_leaver,
        months.age_of_oldest_care_leaver,
        care_leavers.*,
        {{ age_in_years('care_leavers.date_of_birth', 'months.month') }} as age,
        {{ age_in_years('care_leavers.date_of_birth', 'months.end_of_school_year') }} as age_when_school_year_began,
        {{ add_months('care_leavers.latest_contact_date', 'months.months_since_contact') }} as contact_counts_until,
        {{ add_months('care_leavers.pathway_plan_review_date', 'months.months_of_pathway_plan') }}
            as pathway_plan_review_due_date,
        advised.child_id is not null as has_personal_adviser
    from months_with_parameters as months
    inner join care_leavers
        on
            months.la_code = care_leavers.la_code
            and months.extract_month = care_leavers.extract_month
    left join advised
        on
            months.la_code = advised.la_code
            and months.extract_month = advised.extract_month
            and months.month = advised.month
            and care_leavers.child_id = advised.child_id
),

final as (
    select
        la_code,
        extract_month,
        month,
        child_id,
        care_leaver_id,
        age,
        age_when_school_year_began,
        eligibility,
        in_touch_code,
        latest_contact_date,
        contact_counts_until,
        coalesce(
            latest_contact_date <= month and {{ still_counts_on('contact_counts_until', 'month') }}, false
        ) as is_in_touch,
        accommodation_code,
        accommodation_letter,
        accommodation_suitable_code,
        coalesce(accommodation_suitable_code = '1', false) as is_suitable_accommodation,
        activity_code,
        eet_status,
        pathway_plan_review_date,
        pathway_plan_review_due_date,
        coalesce(
            pathway_plan_review_date <= month and {{ still_counts_on('pathway_plan_review_due_date', 'month') }}, false
        ) as has_current_pathway_plan,
        has_personal_adviser,
        personal_adviser_id,
        worker_id,
        team_name,
        locality_name,
        coalesce(
            eligibility in ('Relevant', 'Former Relevant', 'Qualifying')
            and age between age_of_youngest_care_leaver and age_of_oldest_care_leaver
            and coalesce(in_touch_code, '') not in ('DIED', 'RHOM'),
            false
        ) as is_care_leaver
    from people
)

select *
from final
