-- The authority's figures as reported, for the last 25 months, since the indicator's definition last changed. Of a
-- count since April: what has come since the month before, for the count itself grows and starts again.
with reported as (
    select
        figures.indicator_id,
        figures.month,
        figures.unit,
        figures.numerator,
        figures.denominator,
        figures.unit = 'number' and coalesce(register.starts_again_in_april, false) as is_since_april,
        lag(figures.month) over months as month_before,
        lag(figures.numerator) over months as numerator_before
    from indicators.fct_indicator_value as figures
    left join seeds.indicator_register as register
        on figures.indicator_id = register.indicator_id
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
    window months as (partition by figures.indicator_id order by figures.month)
)

select
    indicator_id,
    month,
    unit,
    case
        when not is_since_april or month(month) = 4 then numerator
        else greatest(numerator - numerator_before, 0)
    end as numerator,
    denominator
from reported
where not is_since_april or month(month) = 4 or month_before = last_day(month - interval 1 month)
