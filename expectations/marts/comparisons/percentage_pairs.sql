-- Pairs of percentages that share a team of 20 children or more, with the same denominator: in how many such teams they
-- have the same numerator. A numerator of no child or of all children does not count.
with percentages as (
    select
        figures.indicator_id,
        figures.area_name,
        figures.numerator,
        figures.denominator
    from indicators.fct_indicator_value as figures
    inner join seeds.indicator_register as register
        on figures.indicator_id = register.indicator_id
    where
        figures.la_code = '{la_code}'
        and figures.extract_month = date '{extract_month}'
        and figures.month = figures.extract_month
        and register.unit = 'percentage'
        and figures.area_type = 'team'
        and figures.basis = 'as_reported'
        and figures.denominator >= 20
        and figures.numerator between 1 and figures.denominator - 1
)

select
    count(*) as teams,
    count(*) filter (where former.numerator = latter.numerator) as teams_alike,
    former.indicator_id || ' and ' || latter.indicator_id as finding
from percentages as former
inner join percentages as latter
    on
        former.area_name = latter.area_name
        and former.denominator = latter.denominator
        and former.indicator_id < latter.indicator_id
group by former.indicator_id, latter.indicator_id
