with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

-- carers live anywhere
reviews as (
    select
        *,
        cast(null as varchar) as child_id,
        'Not allocated' as team_name,
        'Not allocated' as locality_name
    from {{ ref('fct_foster_review') }}
    where due_by_date is not null
),

reviews_in_year as (
    {{ in_each_month('reviews', 'reviews.held_date between months.financial_year_start and months.month') }}
),

final as (
    {{ child_rows(
        'reviews_in_year', 'foster_reviews_on_time',
        is_in_numerator='held_date <= due_by_date',
        reason="'Held after it was due'",
        event_id='foster_review_id',
        due_date='due_by_date',
        actual_date='held_date',
        row_day='held_date',
        codes={'foster_review_kind': 'kind'}
    ) }}
)

select *
from final
