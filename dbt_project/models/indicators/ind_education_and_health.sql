with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

people as (
    select *
    from {{ ref('dim_child') }}
),

looked_after_children as (
    select
        children.*,
        people.date_of_birth,
        coalesce(children.entered_care_date, children.entered_care_by) as in_care_by
    from {{ ref('int_looked_after_month_end') }} as children
    left join people
        on
            children.la_code = people.la_code
            and children.extract_month = people.extract_month
            and children.child_id = people.child_id
),

education_meetings as (
    select *
    from {{ ref('fct_plan') }}
    where plan_type = 'pep'
),

periods as (
    select *
    from {{ ref('int_period_of_care') }}
    where entered_care_date is not null
),

episodes as (
    select *
    from {{ ref('int_care_episode') }}
),

first_reviews as (
    select *
    from {{ ref('fct_review') }}
    where review_type = 'cla_review' and is_counted and review_number = 1
),

assessments as (
    select
        *,
        {{ id_order('health_check_id') }} as id_sort_key
    from {{ ref('fct_health_check') }}
    where is_completed and check_type_code = 'health_assessment'
),

-- children looked after at the month end, and when the first plan and the first assessment are due
looked_after as (
    {{ with_parameters('looked_after_children', 'month', [
        'working_days_to_first_pep', 'working_days_to_initial_health_assessment',
    ]) }}
),

with_first_pep_due as (
    {{ with_working_days_after(
        'looked_after', 'in_care_by', 'cohort.working_days_to_first_pep', 'first_pep_due_date'
    ) }}
),

looked_after_clocked as (
    {{ with_working_days_after(
        'with_first_pep_due', 'in_care_by', 'cohort.working_days_to_initial_health_assessment', 'assessment_due_date'
    ) }}
),

pupils as (
    select
        children.la_code,
        children.extract_month,
        children.month,
        children.child_id,
        children.first_pep_due_date,
        max(meetings.start_date) as last_meeting_date
    from looked_after_clocked as children
    left join education_meetings as meetings
        on
            children.la_code = meetings.la_code
            and children.extract_month = meetings.extract_month
            and children.child_id = meetings.child_id
            and children.month >= meetings.start_date
    where
        children.first_pep_due_date <= children.month
        and {{ age_in_years('children.date_of_birth', school_age_day('children.month')) }} between 4 and 15
    group by
        children.la_code, children.extract_month, children.month, children.child_id, children.first_pep_due_date
),

pupils_with_due_date as (
    select
        *,
        {{ next_pep_due('last_meeting_date') }} as next_pep_due_date
    from pupils
),

pupils_by_team as (
    {{ with_team_on('pupils_with_due_date', 'month') }}
),

reviews_in_year as (
    {{ in_each_month('first_reviews', 'first_reviews.held_date between months.financial_year_start and months.month') }}
),

pupils_at_first_review as (
    select
        reviews.la_code,
        reviews.extract_month,
        reviews.month,
        reviews.child_id,
        reviews.period_of_care_id,
        reviews.held_date,
        reviews.team_name,
        reviews.locality_name,
        min(meetings.start_date) as first_meeting_date
    from reviews_in_year as reviews
    inner join people
        on
            reviews.la_code = people.la_code
            and reviews.extract_month = people.extract_month
            and reviews.child_id = people.child_id
    left join periods
        on
            reviews.la_code = periods.la_code
            and reviews.extract_month = periods.extract_month
            and reviews.period_of_care_id = periods.period_of_care_id
    left join education_meetings as meetings
        on
            reviews.la_code = meetings.la_code
            and reviews.extract_month = meetings.extract_month
            and reviews.child_id = meetings.child_id
            and periods.entered_care_date <= meetings.start_date
            and reviews.held_date >= meetings.start_date
    where {{ age_in_years('people.date_of_birth', school_age_day('reviews.held_date')) }} between 4 and 15
    group by
        reviews.la_code, reviews.extract_month, reviews.month, reviews.child_id, reviews.period_of_care_id,
        reviews.held_date, reviews.team_name, reviews.locality_name
),

-- an assessment of a kind that is not said counts as an initial one and as a review
first_assessments as (
    select *
    from assessments
    where check_kind_code in ('initial', 'unspecified')
),

later_assessments as (
    select *
    from assessments
    where check_kind_code in ('review', 'unspecified')
),

entries as (
    {{ with_parameters('periods', 'entered_care_date', ['working_days_to_initial_health_assessment']) }}
),

entries_clocked as (
    {{ with_working_days_after(
        'entries', 'entered_care_date', 'cohort.working_days_to_initial_health_assessment', 'assessment_due_date'
    ) }}
),

entries_by_status as (
    {{ with_legal_status_on('entries_clocked', 'entered_care_date') }}
),

-- still in care on the day it is due
entries_due as (
    select distinct entries.*
    from entries_by_status as entries
    inner join episodes
        on
            entries.la_code = episodes.la_code
            and entries.extract_month = episodes.extract_month
            and entries.child_id = episodes.child_id
            and entries.period_of_care_id = episodes.period_of_care_id
            and {{ is_open_on('episodes.start_date', 'episodes.ceased_date', 'entries.assessment_due_date') }}
    where not entries.is_short_break
),

entries_of_month as (
    {{ in_each_month('entries_due', 'months.month = last_day(entries_due.assessment_due_date)') }}
),

entries_assessed as (
    select
        entries.la_code,
        entries.extract_month,
        entries.month,
        entries.child_id,
        entries.period_of_care_id,
        entries.assessment_due_date,
        entries.working_days_to_initial_health_assessment,
        min(first_assessments.check_date) as first_assessment_date
    from entries_of_month as entries
    left join first_assessments
        on
            entries.la_code = first_assessments.la_code
            and entries.extract_month = first_assessments.extract_month
            and entries.child_id = first_assessments.child_id
            and first_assessments.check_date between entries.entered_care_date and entries.month
    group by
        entries.la_code, entries.extract_month, entries.month, entries.child_id, entries.period_of_care_id,
        entries.assessment_due_date, entries.working_days_to_initial_health_assessment
),

entries_by_team as (
    {{ with_team_on('entries_assessed', 'assessment_due_date') }}
),

assessed_in_care as (
    select distinct
        children.la_code,
        children.extract_month,
        children.month,
        children.child_id
    from looked_after_clocked as children
    inner join first_assessments
        on
            children.la_code = first_assessments.la_code
            and children.extract_month = first_assessments.extract_month
            and children.child_id = first_assessments.child_id
            and children.entered_care_date <= first_assessments.check_date
            and children.month >= first_assessments.check_date
),

pending as (
    select children.*
    from looked_after_clocked as children
    left join assessed_in_care
        on
            children.la_code = assessed_in_care.la_code
            and children.extract_month = assessed_in_care.extract_month
            and children.month = assessed_in_care.month
            and children.child_id = assessed_in_care.child_id
    where
        children.entered_care_date is not null
        and children.assessment_due_date > children.month
        and assessed_in_care.child_id is null
),

pending_by_team as (
    {{ with_team_on('pending', 'month') }}
),

-- two assessments of a child on one day are one
assessment_days as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by la_code, extract_month, child_id, check_date
                order by id_sort_key, health_check_id
            ) as precedence
        from assessments
        where check_date is not null
    ) as ranked
    where precedence = 1
),

assessments_with_parameters as (
    {{ with_parameters('assessment_days', 'check_date', [
        'age_of_yearly_health_assessment',
        'months_of_early_health_assessment',
        'months_of_health_assessment',
    ]) }}
),

assessments_with_due_date as (
    select
        checks.la_code,
        checks.extract_month,
        checks.child_id,
        checks.health_check_id,
        checks.check_date,
        case
            when
                {{ age_in_years('people.date_of_birth', 'checks.check_date') }}
                < checks.age_of_yearly_health_assessment
                then {{ add_months('checks.check_date', 'checks.months_of_early_health_assessment') }}
            else {{ add_months('checks.check_date', 'checks.months_of_health_assessment') }}
        end as due_date
    from assessments_with_parameters as checks
    inner join people
        on
            checks.la_code = people.la_code
            and checks.extract_month = people.extract_month
            and checks.child_id = people.child_id
),

followed_up as (
    select
        children.la_code,
        children.extract_month,
        children.month,
        children.child_id,
        checks.health_check_id,
        checks.due_date,
        min(later_assessments.check_date) as next_assessment_date
    from looked_after_children as children
    inner join assessments_with_due_date as checks
        on
            children.la_code = checks.la_code
            and children.extract_month = checks.extract_month
            and children.child_id = checks.child_id
            and children.in_care_by <= checks.check_date
            and children.month = last_day(checks.due_date)
    left join later_assessments
        on
            checks.la_code = later_assessments.la_code
            and checks.extract_month = later_assessments.extract_month
            and checks.child_id = later_assessments.child_id
            and checks.check_date < later_assessments.check_date
            and children.month >= later_assessments.check_date
    group by
        children.la_code, children.extract_month, children.month, children.child_id, checks.health_check_id,
        checks.due_date
),

followed_up_by_team as (
    {{ with_team_on('followed_up', 'due_date') }}
),

final as (
    {{ child_rows(
        'pupils_by_team', 'pep_up_to_date',
        is_in_numerator=still_counts_on('next_pep_due_date', 'month'),
        reason="case
            when last_meeting_date is null then 'No personal education plan meeting'
            else 'Last meeting too long ago'
        end",
        due_date='coalesce(next_pep_due_date, first_pep_due_date)',
        actual_date='last_meeting_date'
    ) }}
    union all
    {{ child_rows(
        'pupils_at_first_review', 'pep_first_by_first_review',
        is_in_numerator='first_meeting_date is not null',
        reason="'No personal education plan meeting by the first review'",
        event_id='period_of_care_id',
        due_date='held_date',
        actual_date='first_meeting_date',
        row_day='held_date'
    ) }}
    union all
    {{ child_rows(
        'entries_by_team', 'initial_health_assessment_20_working_days',
        is_in_numerator='first_assessment_date <= assessment_due_date',
        reason="case
            when first_assessment_date is null then 'No completed initial health assessment'
            else 'Completed after {working_days_to_initial_health_assessment} working days'
        end",
        event_id='period_of_care_id',
        due_date='assessment_due_date',
        actual_date='first_assessment_date',
        row_day='assessment_due_date'
    ) }}
    union all
    {{ child_rows(
        'pending_by_team', 'initial_health_assessment_pending',
        due_date='assessment_due_date'
    ) }}
    union all
    {{ child_rows(
        'followed_up_by_team', 'review_health_assessments_on_time',
        is_in_numerator='next_assessment_date <= due_date',
        reason="case when next_assessment_date is null then 'Not done' else 'Done after it was due' end",
        event_id='health_check_id',
        due_date='due_date',
        actual_date='next_assessment_date',
        row_day='due_date'
    ) }}
)

select *
from final
