{{ config(
    materialized='incremental',
    incremental_strategy='replace_extract',
    on_schema_change='append_new_columns',
    full_refresh=false,
    post_hook="
        delete from {{ this }}
        where exists (
            select newer.la_code
            from {{ this }} as newer
            where
                newer.la_code = {{ this.identifier }}.la_code
                and newer.extract_month > {{ this.identifier }}.extract_month
        )
    "
) }}

-- What due dates decide, at the month end and at the next one if nothing is done. Assumes the same children in care,
-- on plans and care leavers next month; only ages and due dates advance.
{% set checks = {
    'cla_health_assessment_up_to_date': 'health_assessment',
    'cla_dental_check_up_to_date': 'dental_check',
    'care_leavers_pathway_plan_up_to_date': 'pathway_plan',
    'care_leavers_in_touch': 'contact',
} %}

with extract_months as (
    select
        la_code,
        extract_month,
        month,
        financial_year_start,
        last_day({{ add_months('month', 1) }}) as next_month,
        {{ school_age_day('month') }} as school_age_day
    from {{ ref('int_reporting_month') }}
    where month = extract_month
),

extracts as (
    {{ with_parameters('extract_months', 'next_month', [
        'age_of_yearly_health_assessment',
        'months_of_early_health_assessment',
        'months_of_health_assessment',
        'months_since_contact',
    ]) }}
),

available as (
    select *
    from {{ ref('int_indicator_availability') }}
    where is_available and month = extract_month
),

child_rows as (
    select *
    from {{ ref('ind_child_row') }}
    where month = extract_month
),

children as (
    select *
    from {{ ref('dim_child') }}
),

care_leavers as (
    select *
    from {{ ref('fct_care_leaver') }}
),

all_plans as (
    select *
    from {{ ref('fct_plan') }}
),

plans as (
    {{ with_parameters('all_plans', 'start_date', ['months_to_first_cp_review']) }}
),

review_states as (
    select
        states.*,
        extracts.next_month,
        {{ financial_year_start('extracts.next_month') }} > states.month as next_month_begins_year
    from {{ ref('int_looked_after_review_state') }} as states
    inner join extracts
        on
            states.la_code = extracts.la_code
            and states.extract_month = extracts.extract_month
            and states.month = extracts.month
),

looked_after_by_team as (
    {{ with_team_on('review_states', 'month') }}
),

children_without_permanence_plan as (
    select
        states.*,
        extracts.next_month
    from {{ ref('int_looked_after_state') }} as states
    inner join extracts
        on
            states.la_code = extracts.la_code
            and states.extract_month = extracts.extract_month
            and states.month = extracts.month
    where not states.has_permanence_plan
),

waiting_by_team as (
    {{ with_team_on('children_without_permanence_plan', 'month') }}
),

tracked_cases as (
    select
        cases.la_code,
        cases.child_id,
        cases.plan_code,
        cases.identified_date,
        cases.filing_due_date,
        cases.extract_month,
        extracts.month,
        extracts.next_month
    from {{ ref('fct_permanence_tracker') }} as cases
    inner join extracts
        on
            cases.la_code = extracts.la_code
            and cases.extract_month = extracts.extract_month
            and {{ is_open_on('cases.identified_date', 'cases.closed_date', 'extracts.month') }}
    -- filing is planned and not done
    where cases.stage_code in ('date_passed', 'within_1_month', 'within_3_months', 'over_3_months')
),

tracked_by_team as (
    {{ with_team_on('tracked_cases', 'month') }}
),

checks as (
    select
        child_rows.indicator_id,
        child_rows.la_code,
        child_rows.child_id,
        child_rows.month,
        child_rows.extract_month,
        child_rows.area_name,
        child_rows.locality_name as area_locality_name,
        child_rows.is_in_numerator,
        child_rows.due_date,
        child_rows.actual_date,
        extracts.next_month,
        extracts.age_of_yearly_health_assessment,
        extracts.months_of_early_health_assessment,
        extracts.months_of_health_assessment,
        children.date_of_birth,
        care_leavers.worker_id as care_leaver_worker_id,
        case child_rows.indicator_id
            {% for indicator_id, item in checks.items() %}
            when '{{ indicator_id }}' then '{{ item }}'
            {% endfor %}
        end as item,
        {{ age_in_years('children.date_of_birth', 'extracts.next_month') }} as next_age,
        -- the age at the month end at which the check stops counting by today's age
        {{ age_in_years('children.date_of_birth', 'last_day(' ~ add_days('child_rows.due_date', 1) ~ ')') }}
            as age_then,
        {{ add_months('child_rows.actual_date', 'extracts.months_since_contact') }} as next_contact_counts_until
    from child_rows
    inner join extracts
        on
            child_rows.la_code = extracts.la_code
            and child_rows.extract_month = extracts.extract_month
    left join children
        on
            child_rows.la_code = children.la_code
            and child_rows.extract_month = children.extract_month
            and child_rows.child_id = children.child_id
    left join care_leavers
        on
            child_rows.la_code = care_leavers.la_code
            and child_rows.extract_month = care_leavers.extract_month
            and child_rows.child_id = care_leavers.child_id
    where
        child_rows.indicator_id in (
            {% for indicator_id in checks %}
            '{{ indicator_id }}'{{ "," if not loop.last }}
            {% endfor %}
        )
),

checks_in_time as (
    select
        *,
        case
            when indicator_id <> 'cla_health_assessment_up_to_date' or not is_in_numerator then due_date
            -- a child who has the age of yearly assessments by then has the longer interval
            else {{ health_assessment_counts_until('actual_date', 'age_then') }}
        end as counts_until,
        case indicator_id
            when 'cla_health_assessment_up_to_date'
                then {{ health_assessment_counts_until('actual_date', 'next_age') }}
            when 'care_leavers_in_touch' then next_contact_counts_until
            else due_date
        end as next_counts_until
    from checks
),

checks_by_team as (
    {{ with_team_on('checks_in_time', 'month') }}
),

check_rows as (
    select
        indicator_id,
        item,
        la_code,
        child_id,
        cast(null as varchar) as event_id,
        extract_month,
        area_name as team_name,
        area_locality_name as locality_name,
        case
            when item in ('pathway_plan', 'contact') then care_leaver_worker_id
            else case_worker_id
        end as worker_id,
        actual_date as last_done_date,
        counts_until as due_date,
        coalesce({{ add_days('counts_until', 1) }}, month) as overdue_from,
        true as is_in_denominator,
        is_in_numerator,
        true as is_in_next_denominator,
        coalesce(
            actual_date <= next_month and {{ still_counts_on('next_counts_until', 'next_month') }}, false
        ) as is_in_next_numerator,
        true as is_at_stake
    from checks_by_team
),

cla_reviews as (
    select
        *,
        coalesce({{ is_overdue_on('first_due_date', 'month') }}, false) as is_due_a_review,
        coalesce({{ is_overdue_on('first_due_date', 'next_month') }}, false) as is_next_due_a_review,
        coalesce({{ is_overdue_on('next_due_date', 'next_month') }}, false) as is_next_overdue,
        last_day(next_due_date) as first_month_overdue
    from looked_after_by_team
),

cla_review_rows as (
    select
        figures.indicator_id,
        'cla_review' as item,
        reviews.la_code,
        reviews.child_id,
        reviews.period_of_care_id as event_id,
        reviews.extract_month,
        reviews.team_name,
        reviews.locality_name,
        reviews.case_worker_id as worker_id,
        reviews.last_held_date as last_done_date,
        reviews.next_due_date as due_date,
        reviews.next_due_date as overdue_from,
        case when figures.is_count then reviews.is_overdue else reviews.is_due_a_review end as is_in_denominator,
        case
            when figures.is_count then reviews.is_overdue
            else reviews.is_due_a_review and not reviews.has_late_review_in_year and not reviews.is_overdue
        end as is_in_numerator,
        case
            when figures.is_count then reviews.is_next_overdue
            else reviews.is_next_due_a_review
        end as is_in_next_denominator,
        case
            when figures.is_count then reviews.is_next_overdue
            else
                reviews.is_next_due_a_review
                and not reviews.is_next_overdue
                -- late reviews of a financial year do not count in the next
                and (not reviews.has_late_review_in_year or reviews.next_month_begins_year)
        end as is_in_next_numerator,
        -- after a late review the year cannot be on time, whatever is done about the next review
        figures.is_count
        or (
            not reviews.is_overdue
            and (
                not reviews.has_late_review_in_year
                or {{ financial_year_start('reviews.first_month_overdue') }} > reviews.month
            )
        ) as is_at_stake
    from cla_reviews as reviews
    cross join (
        values
        ('cla_children_reviewed_on_time', false),
        ('cla_reviews_overdue', true)
    ) as figures (indicator_id, is_count)
),

cp_review_rows as (
    select
        'cp_children_reviewed_on_time' as indicator_id,
        'cp_review' as item,
        plans.la_code,
        plans.child_id,
        plans.plan_id as event_id,
        plans.extract_month,
        plans.team_name,
        plans.locality_name,
        plans.worker_id,
        child_rows.actual_date as last_done_date,
        plans.review_due_date as due_date,
        plans.review_due_date as overdue_from,
        child_rows.event_id is not null as is_in_denominator,
        coalesce(child_rows.is_in_numerator, false) as is_in_numerator,
        {{ add_months('plans.start_date', 'plans.months_to_first_cp_review') }} <= extracts.next_month
            as is_in_next_denominator,
        -- a plan that is too new for the indicator has no late review
        {{ add_months('plans.start_date', 'plans.months_to_first_cp_review') }} <= extracts.next_month
        and not {{ is_overdue_on('plans.review_due_date', 'extracts.next_month') }}
        and coalesce(child_rows.is_in_numerator, true) as is_in_next_numerator,
        coalesce(child_rows.is_in_numerator, true) as is_at_stake
    from plans
    inner join extracts
        on
            plans.la_code = extracts.la_code
            and plans.extract_month = extracts.extract_month
    left join child_rows
        on
            plans.la_code = child_rows.la_code
            and plans.extract_month = child_rows.extract_month
            and plans.plan_id = child_rows.event_id
            and child_rows.indicator_id = 'cp_children_reviewed_on_time'
    where
        plans.plan_type = 'cp'
        and plans.is_open
        and not plans.is_other_authority
),

pep_meetings as (
    select
        plans.la_code,
        plans.extract_month,
        plans.child_id,
        max(plans.start_date) as last_meeting_date
    from plans
    inner join extracts
        on
            plans.la_code = extracts.la_code
            and plans.extract_month = extracts.extract_month
            and plans.start_date <= extracts.month
    where plans.plan_type = 'pep'
    group by plans.la_code, plans.extract_month, plans.child_id
),

pep_children as (
    select
        pupils.la_code,
        pupils.child_id,
        pupils.extract_month,
        pupils.team_name,
        pupils.locality_name,
        pupils.case_worker_id,
        pupils.month,
        meetings.last_meeting_date,
        -- the first plan is due by the first review
        coalesce({{ next_pep_due('meetings.last_meeting_date') }}, pupils.first_due_date) as due_date
    from looked_after_by_team as pupils
    inner join extracts
        on
            pupils.la_code = extracts.la_code
            and pupils.extract_month = extracts.extract_month
    inner join children
        on
            pupils.la_code = children.la_code
            and pupils.extract_month = children.extract_month
            and pupils.child_id = children.child_id
    left join pep_meetings as meetings
        on
            pupils.la_code = meetings.la_code
            and pupils.extract_month = meetings.extract_month
            and pupils.child_id = meetings.child_id
    where
        {{ age_in_years('children.date_of_birth', 'extracts.school_age_day') }} between 4 and 15
        -- no rows for an authority that does not send the list
        and exists (
            select listed.la_code
            from pep_meetings as listed
            where
                listed.la_code = pupils.la_code
                and listed.extract_month = pupils.extract_month
        )
),

pep_rows as (
    select
        cast(null as varchar) as indicator_id,
        'pep' as item,
        la_code,
        child_id,
        cast(null as varchar) as event_id,
        extract_month,
        team_name,
        locality_name,
        case_worker_id as worker_id,
        last_meeting_date as last_done_date,
        due_date,
        coalesce({{ add_days('due_date', 1) }}, month) as overdue_from,
        cast(null as boolean) as is_in_denominator,
        cast(null as boolean) as is_in_numerator,
        cast(null as boolean) as is_in_next_denominator,
        cast(null as boolean) as is_in_next_numerator,
        false as is_at_stake
    from pep_children
),

permanence_plan_rows as (
    select
        'cla_without_permanence_plan' as indicator_id,
        'permanence_plan' as item,
        la_code,
        child_id,
        period_of_care_id as event_id,
        extract_month,
        team_name,
        locality_name,
        case_worker_id as worker_id,
        cast(null as date) as last_done_date,
        permanence_plan_due_date as due_date,
        permanence_plan_due_date as overdue_from,
        coalesce(permanence_plan_due_date <= month, false) as is_in_denominator,
        coalesce(permanence_plan_due_date <= month, false) as is_in_numerator,
        coalesce(permanence_plan_due_date <= next_month, false) as is_in_next_denominator,
        coalesce(permanence_plan_due_date <= next_month, false) as is_in_next_numerator,
        true as is_at_stake
    from waiting_by_team
    where permanence_plan_due_date is not null
),

tracker_rows as (
    select
        case when plan_code = 'discharge_parent' then 'discharge_filing_overdue' end as indicator_id,
        'tracker_filing' as item,
        la_code,
        child_id,
        {{ tracker_case_id() }} as event_id,
        extract_month,
        team_name,
        locality_name,
        case_worker_id as worker_id,
        cast(null as date) as last_done_date,
        filing_due_date as due_date,
        {{ add_days('filing_due_date', 1) }} as overdue_from,
        filing_due_date < month as is_in_denominator,
        filing_due_date < month as is_in_numerator,
        filing_due_date < next_month as is_in_next_denominator,
        filing_due_date < next_month as is_in_next_numerator,
        coalesce(plan_code = 'discharge_parent', false) as is_at_stake
    from tracked_by_team
),

items as (
    {% for rows in [
        'check_rows', 'cla_review_rows', 'cp_review_rows', 'pep_rows', 'permanence_plan_rows', 'tracker_rows',
    ] %}
    select * from {{ rows }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select items.*
    from items
    left join available
        on
            items.la_code = available.la_code
            and items.extract_month = available.extract_month
            and items.indicator_id = available.indicator_id
    -- an indicator without a needed object has no due items
    where
        items.indicator_id is null
        or available.indicator_id is not null
)

select *
from final
