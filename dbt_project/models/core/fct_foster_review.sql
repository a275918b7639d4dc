with reviews as (
    select *
    from {{ ref('stg_local__foster_review') }}
),

dated as (
    select
        reviews.la_code,
        reviews.extract_month,
        reviews.review_id,
        reviews.carer_id,
        reviews.approved_date,
        reviews.due_date,
        reviews.held_date,
        reviews.kind_text,
        coalesce(max(earlier.held_date), reviews.approved_date) as clock_start_date
    from reviews
    left join reviews as earlier
        on
            reviews.la_code = earlier.la_code
            and reviews.extract_month = earlier.extract_month
            and reviews.carer_id = earlier.carer_id
            and earlier.held_date < coalesce(reviews.held_date, {{ end_of_time() }})
    group by
        reviews.la_code, reviews.extract_month, reviews.review_id, reviews.carer_id, reviews.approved_date,
        reviews.due_date, reviews.held_date, reviews.kind_text
),

clocked as (
    {{ with_parameters('dated', 'clock_start_date', ['months_between_foster_reviews']) }}
),

final as (
    select
        review_id as foster_review_id,
        la_code,
        carer_id,
        approved_date,
        due_date,
        held_date,
        kind_text as kind,
        coalesce(due_date, {{ add_months('clock_start_date', 'months_between_foster_reviews') }}) as due_by_date,
        extract_month
    from clocked
)

select *
from final
