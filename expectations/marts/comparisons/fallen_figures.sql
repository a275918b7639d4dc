-- The authority's figures of the month as reported, and those of the last month as reported. A figure that starts again
-- in April is left out in the first month since then.
with before as (
    select
        indicator_id,
        arg_max(numerator, month) as numerator,
        max(month) as month
    from indicators.fct_indicator_value
    where
        la_code = '{la_code}'
        and area_type = 'authority'
        and basis = 'as_reported'
        and month < date '{extract_month}'
        and numerator is not null
    group by indicator_id
)

select
    register.polarity,
    figures.numerator as numerator_now,
    before.numerator as numerator_then,
    figures.indicator_id
    || format(' is {:.15g}, {:.15g} in ', figures.numerator, before.numerator)
    || strftime(before.month, '%Y-%m') as finding
from compared.month_figures as figures
inner join before
    on figures.indicator_id = before.indicator_id
inner join seeds.indicator_register as register
    on figures.indicator_id = register.indicator_id
where
    figures.area_type = 'authority'
    and figures.basis = 'as_reported'
    and not (
        register.starts_again_in_april
        and year(before.month - interval 3 month) < year(date '{extract_month}' - interval 3 month)
    )
