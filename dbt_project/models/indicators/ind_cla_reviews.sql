{% set by_second_review = 'first_permanence_plan_date <= held_date' %}
{% set no_plan_by_second_review = "case
            when first_care_plan_date <= held_date then 'No plan for permanence by the second review'
            else 'No care plan by the second review'
        end" %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

review_states as (
    select *
    from {{ ref('int_looked_after_review_state') }}
),

reviews as (
    select *
    from {{ ref('fct_review') }}
    where review_type = 'cla_review' and is_counted
),

permanence_plans as (
    select *
    from {{ ref('fct_plan') }}
    where plan_type in ('cla_care', 'permanence')
),

periods as (
    select *
    from {{ ref('int_period_of_care') }}
),

reviews_in_year as (
    select
        months.month,
        months.financial_year_start,
        reviews.*
    from months
    inner join reviews
        on
            months.la_code = reviews.la_code
            and months.extract_month = reviews.extract_month
            and reviews.held_date between months.financial_year_start and months.month
),

reviews_with_participation as (
    select *
    from reviews_in_year
    where participation_code is not null
),

-- any plan of the child that has begun, also one that has ended or is of an earlier period
second_reviews as (
    select
        reviews.la_code,
        reviews.extract_month,
        reviews.month,
        reviews.child_id,
        reviews.period_of_care_id,
        reviews.team_name,
        reviews.locality_name,
        reviews.held_date,
        periods.entered_care_date,
        periods.entered_care_date >= reviews.financial_year_start as is_new_entrant,
        min(case when plans.plan_type = 'cla_care' then plans.start_date end) as first_care_plan_date,
        min(case when plans.plan_type = 'permanence' then plans.start_date end) as first_permanence_plan_date
    from reviews_in_year as reviews
    left join periods
        on
            reviews.la_code = periods.la_code
            and reviews.extract_month = periods.extract_month
            and reviews.period_of_care_id = periods.period_of_care_id
    left join permanence_plans as plans
        on
            reviews.la_code = plans.la_code
            and reviews.extract_month = plans.extract_month
            and reviews.child_id = plans.child_id
            and plans.start_date <= reviews.month
    where reviews.review_number = 2
    group by all
),

second_reviews_by_status as (
    {{ with_legal_status_on('second_reviews', 'entered_care_date') }}
),

children_by_team as (
    {{ with_team_on('review_states', 'month') }}
),

children_due_a_review as (
    select *
    from children_by_team
    where first_due_date <= month
),

children_overdue as (
    select *
    from children_by_team
    where is_overdue
),

final as (
    {{ child_rows(
        'reviews_in_year', 'cla_reviews_on_time',
        is_in_numerator='is_on_time',
        reason="case
            when due_date is null then 'Due date not known'
            else 'Review held after it was due'
        end",
        event_id='review_id',
        due_date='due_date',
        actual_date='held_date',
        row_day='held_date',
        codes={'late_reason': late_reason('is_on_time')}
    ) }}
    union all
    {{ child_rows(
        'reviews_in_year', 'cla_reviews_late',
        where='not coalesce(is_on_time, false)',
        event_id='review_id',
        due_date='due_date',
        actual_date='held_date',
        row_day='held_date',
        codes={'late_reason': late_reason('false')}
    ) }}
    union all
    {{ child_rows(
        'reviews_with_participation', 'cla_review_participation',
        is_in_numerator='is_participated',
        reason="case participation_code
            when 'PN4' then 'Attended without contributing'
            else 'Did not attend, views not conveyed'
        end",
        event_id='review_id',
        actual_date='held_date',
        row_day='held_date',
        codes={'participation': 'participation_code'}
    ) }}
    union all
    {{ child_rows(
        'children_due_a_review', 'cla_children_reviewed_on_time',
        is_in_numerator='not has_late_review_in_year and not is_overdue',
        reason="case
            when is_overdue then 'A review is overdue'
            else 'A review in the financial year was late'
        end",
        due_date='next_due_date',
        actual_date='last_held_date'
    ) }}
    union all
    {{ child_rows(
        'children_overdue', 'cla_reviews_overdue',
        due_date='next_due_date',
        actual_date='last_held_date'
    ) }}
    union all
    {{ child_rows(
        'second_reviews', 'permanence_plan_by_second_review',
        is_in_numerator=by_second_review,
        reason=no_plan_by_second_review,
        event_id='period_of_care_id',
        row_day='held_date',
        due_date='held_date',
        actual_date='case when ' ~ by_second_review ~ ' then first_permanence_plan_date end'
    ) }}
    union all
    {{ child_rows(
        'second_reviews_by_status', 'permanence_plan_by_second_review_new_entrants',
        where='is_new_entrant and not is_short_break',
        is_in_numerator=by_second_review,
        reason=no_plan_by_second_review,
        event_id='period_of_care_id',
        unit_id="'cla/' || period_of_care_id",
        row_day='held_date',
        due_date='held_date',
        actual_date='case when ' ~ by_second_review ~ ' then first_permanence_plan_date end'
    ) }}
    union all
    {{ child_rows(
        'second_reviews_by_status', 'cla_permanence_plan_now',
        where='is_new_entrant and not is_short_break',
        is_in_numerator='first_permanence_plan_date is not null',
        reason="case when first_care_plan_date is null then 'No care plan' else 'No plan for permanence' end",
        event_id='period_of_care_id',
        unit_id="'cla/' || period_of_care_id",
        row_day='held_date',
        actual_date='first_permanence_plan_date'
    ) }}
)

select *
from final
