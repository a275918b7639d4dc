-- Figures whose numerator a child misses exactly while something is overdue for the child: how many children the figure
-- counts, and how many the list of the month has. A month that is run again after a newer one has no list.
with listed as (
    select
        indicator_id,
        count(*) filter (where is_failing_now) as overdue
    from marts.mart_due_list
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
    group by indicator_id
)

select
    coalesce(listed.overdue, 0) as overdue,
    coalesce(figures.denominator - figures.numerator, figures.numerator) as counted,
    figures.indicator_id || ' ' || coalesce(listed.overdue, 0)
    || format(' for {:.15g}', coalesce(figures.denominator - figures.numerator, figures.numerator)) as finding
from indicators.fct_indicator_value as figures
left join listed
    on figures.indicator_id = listed.indicator_id
where
    figures.la_code = '{la_code}'
    and figures.extract_month = date '{extract_month}'
    and figures.basis = 'as_reported'
    and figures.area_type = 'authority'
    and figures.indicator_id in (
        'cla_health_assessment_up_to_date',
        'cla_dental_check_up_to_date',
        'cla_reviews_overdue',
        'cla_without_permanence_plan',
        'discharge_filing_overdue'
    )
    and figures.numerator is not null
    and exists (select 1 from listed)
