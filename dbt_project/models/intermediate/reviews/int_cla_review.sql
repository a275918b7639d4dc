with reviews as (
    select
        *,
        {{ id_order('review_id') }} as id_sort_key
    from {{ ref('stg_lcs__cla_review') }}
),

periods as (
    select *
    from {{ ref('int_period_of_care') }}
),

reviews_of_periods as (
    select
        reviews.la_code,
        reviews.extract_month,
        reviews.review_id,
        reviews.id_sort_key,
        reviews.period_of_care_id,
        periods.child_id,
        periods.entered_care_date,
        coalesce(periods.is_review_chain_cut, false) as is_cut,
        reviews.held_date,
        reviews.local_due_date,
        reviews.participation_code,
        coalesce(reviews.is_cancelled, false) as is_cancelled
    from reviews
    left join periods
        on
            reviews.la_code = periods.la_code
            and reviews.extract_month = periods.extract_month
            and reviews.period_of_care_id = periods.period_of_care_id
),

reviews_by_status as (
    {{ with_legal_status_on('reviews_of_periods', 'held_date') }}
),

judged as (
    select
        *,
        case
            when is_cancelled then 'Cancelled'
            when held_date is null then 'Not held'
            when child_id is null then 'Period of care not known'
            when held_date < entered_care_date then 'Before care began'
            when is_short_break then 'On a short break'
        end as fault
    from reviews_by_status
),

with_first_clock as (
    {{ with_parameters('judged', 'entered_care_date', ['working_days_to_first_cla_review']) }}
),

with_later_clocks as (
    {{ with_parameters('with_first_clock', 'held_date', [
        'months_to_second_cla_review', 'months_between_cla_reviews',
    ]) }}
),

clocked as (
    {{ with_working_days_after(
        'with_later_clocks', 'entered_care_date', 'cohort.working_days_to_first_cla_review', 'first_due_date'
    ) }}
),

chained as (
    {{ review_chain(
        'clocked', 'period_of_care_id', 'months_to_second_cla_review', 'months_between_cla_reviews'
    ) }}
),

final as (
    select
        la_code,
        extract_month,
        review_id,
        period_of_care_id,
        child_id,
        review_number,
        is_first_seen,
        due_date,
        held_date,
        next_due_date,
        local_due_date,
        participation_code,
        is_counted,
        not_counted_reason
    from chained
)

select *
from final
