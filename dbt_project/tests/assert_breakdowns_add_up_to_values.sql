-- Fails with every dimension of a figure of this run whose codes do not add up to the figure.
with months as (
    select *
    from {{ ref('int_reporting_month') }}
    where month = extract_month
),

figures as (
    select indicator_values.*
    from {{ ref('fct_indicator_value') }} as indicator_values
    inner join months
        on
            indicator_values.la_code = months.la_code
            and indicator_values.extract_month = months.extract_month
            and indicator_values.month = months.month
    where indicator_values.numerator is not null
),

breakdowns as (
    select indicator_breakdowns.*
    from {{ ref('fct_indicator_breakdown') }} as indicator_breakdowns
    inner join months
        on
            indicator_breakdowns.la_code = months.la_code
            and indicator_breakdowns.extract_month = months.extract_month
),

indicator_dimensions as (
    {{ indicator_dimensions(ref('indicator_register'), ref('dimension')) }}
),

sums as (
    select
        indicator_id,
        la_code,
        area_type,
        area_name,
        extract_month,
        dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from breakdowns
    group by indicator_id, la_code, area_type, area_name, extract_month, dimension
),

expected as (
    select
        figures.indicator_id,
        figures.la_code,
        figures.area_type,
        figures.area_name,
        figures.extract_month,
        indicator_dimensions.dimension,
        figures.numerator,
        figures.denominator
    from figures
    inner join indicator_dimensions
        on figures.indicator_id = indicator_dimensions.indicator_id
)

select
    coalesce(expected.indicator_id, sums.indicator_id) as indicator_id,
    coalesce(expected.la_code, sums.la_code) as la_code,
    coalesce(expected.area_type, sums.area_type) as area_type,
    coalesce(expected.area_name, sums.area_name) as area_name,
    coalesce(expected.dimension, sums.dimension) as dimension,
    expected.numerator,
    sums.numerator as summed_numerator,
    expected.denominator,
    sums.denominator as summed_denominator
from expected
full outer join sums
    on
        expected.indicator_id = sums.indicator_id
        and expected.la_code = sums.la_code
        and expected.area_type = sums.area_type
        and expected.area_name = sums.area_name
        and expected.extract_month = sums.extract_month
        and expected.dimension = sums.dimension
where
    expected.indicator_id is null
    -- fractions of posts are rounded for each code
    or abs(expected.numerator - coalesce(sums.numerator, 0)) > 0.001
    or abs(coalesce(expected.denominator, 0) - coalesce(sums.denominator, 0)) > 0.001
