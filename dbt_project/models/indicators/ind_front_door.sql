with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

-- a contact comes before there is a team
contacts as (
    select
        *,
        'Not allocated' as team_name,
        'Not allocated' as locality_name
    from {{ ref('fct_contact') }}
),

referrals as (
    select *
    from {{ ref('fct_referral') }}
    where is_counted
),

-- the clock of an assessment runs from the same day as in fct_assessment
assessments as (
    select
        *,
        coalesce(referral_date, start_date) as clock_start_date
    from {{ ref('fct_assessment') }}
),

conferences as (
    select *
    from {{ ref('fct_review') }}
    where review_type = 'cp_initial_conference' and is_counted
),

contacts_in_month as (
    {{ in_each_month('contacts', 'contacts.contact_date between months.month_start and months.month') }}
),

referrals_of_month as (
    {{ in_each_month('referrals', 'referrals.referral_date between months.month_start and months.month') }}
),

referrals_in_month as (
    {{ with_parameters('referrals_of_month', 'month', ['months_to_re_referral']) }}
),

assessments_of_month as (
    {{ in_each_month('assessments', 'assessments.authorised_date between months.month_start and months.month') }}
),

assessments_with_parameters as (
    {{ with_parameters('assessments_of_month', 'clock_start_date', ['working_days_to_assessment']) }}
),

assessments_in_month as (
    {{ with_days_of_assessment_bands('assessments_with_parameters', 'clock_start_date') }}
),

conferences_of_year as (
    {{ in_each_month('conferences', 'conferences.held_date between months.financial_year_start and months.month') }}
),

conferences_in_year as (
    {{ with_parameters('conferences_of_year', 'held_date', ['working_days_to_conference']) }}
),

final as (
    {{ child_rows(
        'contacts_in_month', 'contacts',
        event_id='contact_id',
        actual_date='contact_date',
        row_day='contact_date',
        codes={'contact_source': contact_source('source_code')}
    ) }}
    union all
    {{ child_rows(
        'referrals_in_month', 'referrals',
        event_id='referral_id',
        actual_date='referral_date',
        row_day='referral_date',
        codes={'contact_source': contact_source('source_code'), 'need': 'primary_need_code'}
    ) }}
    union all
    {{ child_rows(
        'referrals_in_month', 're_referrals_12_months',
        is_in_numerator=add_months('previous_referral_date', 'months_to_re_referral') ~ ' >= referral_date',
        reason="case
            when previous_referral_date is null then 'No earlier referral'
            else 'Last referral more than {months_to_re_referral} months before'
        end",
        event_id='referral_id',
        actual_date='referral_date',
        row_day='referral_date',
        codes={'contact_source': contact_source('source_code')}
    ) }}
    union all
    {{ child_rows(
        'assessments_in_month', 'assessments_within_45_working_days',
        is_in_numerator='is_on_time',
        reason="case
            when due_date is null then 'Due date not known'
            else 'Authorised after {working_days_to_assessment} working days'
        end",
        event_id='assessment_id',
        due_date='due_date',
        actual_date='authorised_date',
        row_day='authorised_date',
        codes={'assessment_band': assessment_band('clock_start_date', 'authorised_date')}
    ) }}
    union all
    {{ child_rows(
        'conferences_in_year', 'icpc_within_15_working_days',
        is_in_numerator='is_on_time',
        reason="case
            when due_date is null then 'Due date not known'
            else 'Held after {working_days_to_conference} working days'
        end",
        event_id='review_id',
        due_date='due_date',
        actual_date='held_date',
        row_day='held_date'
    ) }}
)

select *
from final
