-- of these figures a child is counted against them exactly while something is overdue
with listed as (
    select
        indicator_id,
        count(*) as overdue
    from this_partition
    where is_failing_now
    group by indicator_id
),

compared as (
    select
        figures.indicator_id,
        coalesce(listed.overdue, 0) as overdue,
        coalesce(figures.denominator - figures.numerator, figures.numerator) as counted
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
            'cla_reviews_overdue'
        )
        and figures.numerator is not null
        -- a month that is run again has no list once a newer one has
        and exists (select 1 from this_partition)
)

select
    case when count(*) > 0 then count(*) filter (where overdue <> counted) end as figures_told_otherwise,
    string_agg(indicator_id || ' ' || overdue || ' for ' || counted, ', ' order by indicator_id)
        filter (where overdue <> counted) as figures_told_otherwise_detail
from compared
