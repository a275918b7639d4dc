with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

cp_plans as (
    select *
    from {{ ref('fct_plan') }}
    where plan_type = 'cp' and not is_other_authority
),

plans as (
    {{ with_parameters('cp_plans', 'start_date', ['months_to_first_cp_review']) }}
),

reviews as (
    select *
    from {{ ref('fct_review') }}
    where
        review_type = 'cp_review'
        and is_counted
        and not is_other_authority
),

reviews_in_year as (
    {{ in_each_month('reviews', 'reviews.held_date between months.financial_year_start and months.month') }}
),

open_plans as (
    select
        months.month,
        plans.la_code,
        plans.extract_month,
        plans.child_id,
        plans.plan_id,
        {{ add_months('plans.start_date', 'plans.months_to_first_cp_review') }} as first_due_date
    from months
    inner join plans
        on
            months.la_code = plans.la_code
            and months.extract_month = plans.extract_month
            and {{ is_open_on('plans.start_date', 'plans.end_date', 'months.month') }}
            and {{ add_months('plans.start_date', 'plans.months_to_first_cp_review') }} <= months.month
),

-- every review of the plan so far, in any year
reviewed_plans as (
    select
        open_plans.month,
        open_plans.la_code,
        open_plans.extract_month,
        open_plans.child_id,
        open_plans.plan_id,
        max(reviews.held_date) as last_held_date,
        -- a later review has a later next due date, so the newest review has the latest one
        coalesce(max(reviews.next_due_date), max(open_plans.first_due_date)) as next_due_date,
        max(case when reviews.held_date > reviews.due_date then 1 else 0 end) = 1 as has_late_review
    from open_plans
    left join reviews
        on
            open_plans.la_code = reviews.la_code
            and open_plans.extract_month = reviews.extract_month
            and open_plans.plan_id = reviews.plan_id
            and reviews.held_date <= open_plans.month
    group by
        open_plans.month, open_plans.la_code, open_plans.extract_month, open_plans.child_id, open_plans.plan_id
),

plans_by_team as (
    {{ with_team_on('reviewed_plans', 'month') }}
),

final as (
    {{ child_rows(
        'reviews_in_year', 'cp_reviews_on_time',
        is_in_numerator='is_on_time',
        reason="'Review held after it was due'",
        event_id='review_id',
        due_date='due_date',
        actual_date='held_date',
        row_day='held_date',
        codes={'late_reason': late_reason('is_on_time')}
    ) }}
    union all
    {{ child_rows(
        'plans_by_team', 'cp_children_reviewed_on_time',
        is_in_numerator='not has_late_review and not ' ~ is_overdue_on('next_due_date', 'month'),
        reason="case
            when " ~ is_overdue_on('next_due_date', 'month') ~ " then 'A review is overdue'
            else 'A review of the plan was late'
        end",
        event_id='plan_id',
        due_date='next_due_date',
        actual_date='last_held_date'
    ) }}
)

select *
from final
