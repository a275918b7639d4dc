-- How far a figure's change since last month is from its usual change, in spreads. Judged from 5 earlier changes on,
-- which take six months.
--
-- 1. Each figure is put on a scale on which chance has the same spread everywhere: 2 √(n + 0.375) for counts,
--    2 asin √((n + 0.375) / (N + 0.75)) for percentages. Each change is divided by its standard error on that scale.
-- 2. Usual is the median of the earlier changes. The spread is √(1 + (1.4826 × median absolute deviation)²):
--    never less than chance, and more for a figure that has always been unsteady. A single odd month in the past
--    changes neither.
-- 3. The distance is between this month's change and the usual one.
-- 4. An education plan counts until the end of the next term: in the month after it, many lapse on one day. This change
--    is not judged.
with scaled as (
    select
        indicator_id,
        month,
        numerator,
        denominator,
        case unit
            when 'number' then 2 * sqrt(numerator + 0.375)
            else 2 * asin(sqrt((numerator + 0.375) / (denominator + 0.75)))
        end as scaled_value,
        case unit when 'number' then 1 else 1 / (denominator + 0.5) end as variance
    from compared.figure_history
    where
        unit = 'number'
        or (unit = 'percentage' and denominator > 0 and numerator <= denominator)
),

steps as (
    select
        *,
        (scaled_value - lag(scaled_value) over months) / sqrt(variance + lag(variance) over months) as step,
        lag(numerator) over months as numerator_before,
        lag(denominator) over months as denominator_before
    from scaled
    window months as (partition by indicator_id order by month)
),

judged as (
    select *
    from steps
    where not (indicator_id = 'pep_up_to_date' and month(month) in (1, 4, 8))
),

usual as (
    select
        indicator_id,
        median(step) as usual_step,
        sqrt(1 + power(1.4826 * mad(step), 2)) as spread
    from judged
    where month < date '{extract_month}'
    group by indicator_id
    having count(step) >= 5
)

select
    usual.indicator_id,
    abs(steps.step - usual.usual_step) / usual.spread as distance,
    steps.indicator_id || format(' {:.15g}', steps.numerator) || coalesce(format(' of {:.15g}', steps.denominator), '')
    || format(' after {:.15g}', steps.numerator_before)
    || coalesce(format(' of {:.15g}', steps.denominator_before), '') || ', distance '
    || round(abs(steps.step - usual.usual_step) / usual.spread, 1) as finding
from usual
left join judged as steps
    on
        usual.indicator_id = steps.indicator_id
        and steps.month = date '{extract_month}'
