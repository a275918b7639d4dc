-- Fails with every month whose extract date differs from the one worked out by hand from the bank holidays.
with expected as (
    select
        cast(month as date) as month,
        cast(extract_date as date) as extract_date
    from (
        values
        ('2018-08-31', '2018-09-03'),
        ('2018-12-31', '2019-01-02'),
        ('2019-03-31', '2019-04-01'),
        ('2019-04-30', '2019-05-01'),
        ('2019-08-31', '2019-09-02'),
        ('2024-03-31', '2024-04-02')
    ) as cases (month, extract_date)
)

select
    expected.month,
    expected.extract_date,
    dim_month.extract_date as extract_date_found
from expected
left join {{ ref('dim_month') }} as dim_month
    on expected.month = dim_month.month
where
    dim_month.extract_date is null
    or dim_month.extract_date <> expected.extract_date
