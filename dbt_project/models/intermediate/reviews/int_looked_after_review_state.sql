with children as (
    select
        children.*,
        coalesce(children.entered_care_date, children.entered_care_by) as in_care_by,
        months.financial_year_start
    from {{ ref('int_looked_after_month_end') }} as children
    inner join {{ ref('int_reporting_month') }} as months
        on
            children.la_code = months.la_code
            and children.extract_month = months.extract_month
            and children.month = months.month
),

reviews as (
    select *
    from {{ ref('int_cla_review') }}
    where is_counted
),

children_with_parameters as (
    {{ with_parameters('children', 'in_care_by', ['working_days_to_first_cla_review']) }}
),

clocked as (
    {{ with_working_days_after(
        'children_with_parameters', 'in_care_by', 'cohort.working_days_to_first_cla_review', 'first_due_date'
    ) }}
),

-- a late review of an earlier period in the same year counts against the child; the next due date is that of the
-- current period
reviewed as (
    select
        clocked.la_code,
        clocked.extract_month,
        clocked.month,
        clocked.child_id,
        max(case when reviews.period_of_care_id = clocked.period_of_care_id then reviews.held_date end)
            as last_held_date,
        -- a later review has a later next due date, so the newest review has the latest one
        max(case when reviews.period_of_care_id = clocked.period_of_care_id then reviews.next_due_date end)
            as next_due_date,
        max(
            case
                when
                    reviews.held_date >= clocked.financial_year_start
                    and (
                        (reviews.due_date is null and not coalesce(reviews.is_first_seen, false))
                        or reviews.held_date > reviews.due_date
                    )
                    then 1
                else 0
            end
        ) = 1 as has_late_review_in_year
    from clocked
    left join reviews
        on
            clocked.la_code = reviews.la_code
            and clocked.extract_month = reviews.extract_month
            and clocked.child_id = reviews.child_id
            and reviews.held_date <= clocked.month
    group by clocked.la_code, clocked.extract_month, clocked.month, clocked.child_id
),

final as (
    select
        clocked.la_code,
        clocked.extract_month,
        clocked.month,
        clocked.child_id,
        clocked.period_of_care_id,
        clocked.first_due_date,
        reviewed.last_held_date,
        reviewed.has_late_review_in_year,
        coalesce(
            reviewed.next_due_date, case when clocked.entered_care_date is not null then clocked.first_due_date end
        ) as next_due_date,
        coalesce(
            {{ is_overdue_on('coalesce(reviewed.next_due_date, clocked.first_due_date)', 'clocked.month') }}, false
        ) as is_overdue
    from clocked
    inner join reviewed
        on
            clocked.la_code = reviewed.la_code
            and clocked.extract_month = reviewed.extract_month
            and clocked.month = reviewed.month
            and clocked.child_id = reviewed.child_id
)

select *
from final
