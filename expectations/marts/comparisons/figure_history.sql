-- The authority's figures as reported, for the last 25 months, since the indicator's definition last changed.
select
    figures.indicator_id,
    figures.month,
    figures.unit,
    figures.numerator,
    figures.denominator
from indicators.fct_indicator_value as figures
left join (
    select
        indicator_id,
        max(first_month_used) as first_month_used
    from reference.indicator_parameter
    where
        first_month_used <= date '{extract_month}'
        and (la_code is null or la_code = '{la_code}')
    group by indicator_id
) as definitions
    on figures.indicator_id = definitions.indicator_id
where
    figures.la_code = '{la_code}'
    and figures.area_type = 'authority'
    and figures.basis = 'as_reported'
    and figures.month <= date '{extract_month}'
    and figures.month > date '{extract_month}' - interval 25 month
    and figures.numerator is not null
    and figures.month >= coalesce(definitions.first_month_used, figures.month)
