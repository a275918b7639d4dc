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

every_referral as (
    select *
    from {{ ref('fct_referral') }}
),

referrals as (
    select *
    from every_referral
    where is_counted
),

-- the clock of an assessment runs from the same day as in fct_assessment
assessments as (
    select
        *,
        coalesce(referral_date, start_date) as clock_start_date,
        {{ id_order('assessment_id') }} as id_sort_key
    from {{ ref('fct_assessment') }}
),

section_47_enquiries as (
    select *
    from {{ ref('fct_section_47') }}
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

assessments_started_in_month as (
    {{ in_each_month('assessments', 'assessments.start_date between months.month_start and months.month') }}
),

-- where a referral has several, the last one decides
last_assessments as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, month, referral_id
            order by authorised_date desc, id_sort_key desc
        ) as precedence
    from assessments_in_month
),

referrals_assessed as (
    select
        assessments.la_code,
        assessments.extract_month,
        assessments.month,
        every_referral.child_id,
        every_referral.referral_id,
        every_referral.primary_need_code,
        assessments.authorised_date,
        assessments.is_no_further_action,
        assessments.team_name,
        assessments.locality_name
    from last_assessments as assessments
    inner join every_referral
        on
            assessments.la_code = every_referral.la_code
            and assessments.extract_month = every_referral.extract_month
            and assessments.referral_id = every_referral.referral_id
    where assessments.precedence = 1
),

section_47_started_in_month as (
    {{ in_each_month(
        'section_47_enquiries', 'section_47_enquiries.start_date between months.month_start and months.month'
    ) }}
),

section_47_ended_in_month as (
    {{ in_each_month(
        'section_47_enquiries', 'section_47_enquiries.end_date between months.month_start and months.month'
    ) }}
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
        'assessments_started_in_month', 'assessments_started',
        event_id='assessment_id',
        actual_date='start_date',
        row_day='start_date'
    ) }}
    union all
    {{ child_rows(
        'assessments_in_month', 'assessments_0_15_working_days',
        is_in_numerator='authorised_date <= working_day_15',
        reason="case
            when working_day_15 is null then 'Due date not known'
            else 'Authorised after 15 working days'
        end",
        event_id='assessment_id',
        due_date='working_day_15',
        actual_date='authorised_date',
        row_day='authorised_date',
        codes={'assessment_band': assessment_band('clock_start_date', 'authorised_date')}
    ) }}
    union all
    {{ child_rows(
        'assessments_in_month', 'assessments_over_45_working_days',
        is_in_numerator='authorised_date > working_day_45',
        reason="case
            when working_day_45 is null then 'Due date not known'
            else 'Authorised in up to 45 working days'
        end",
        event_id='assessment_id',
        due_date='working_day_45',
        actual_date='authorised_date',
        row_day='authorised_date',
        codes={'assessment_band': assessment_band('clock_start_date', 'authorised_date')}
    ) }}
    union all
    {{ child_rows(
        'referrals_assessed', 'referrals_assessed_not_in_need',
        is_in_numerator='is_no_further_action',
        reason="case when is_no_further_action is null then 'Outcome not recorded' else 'Further action' end",
        event_id='referral_id',
        actual_date='authorised_date',
        row_day='authorised_date',
        codes={'need': 'primary_need_code'}
    ) }}
    union all
    {{ child_rows(
        'section_47_started_in_month', 'section_47_started',
        event_id='section_47_id',
        actual_date='start_date',
        row_day='start_date'
    ) }}
    union all
    {{ child_rows(
        'section_47_ended_in_month', 'section_47_to_conference',
        is_in_numerator="section_47_outcome = 'conference'",
        reason="case when section_47_outcome = 'nfa' then 'No further action' else 'Ended without a conference' end",
        event_id='section_47_id',
        actual_date='end_date',
        row_day='end_date',
        codes={'section_47_outcome': 'section_47_outcome'}
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
