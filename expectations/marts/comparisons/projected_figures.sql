-- Every projection and the figure of the month end that it starts from.
select
    projected.numerator is distinct from figures.numerator
    or projected.denominator is distinct from figures.denominator as is_another,
    projected.indicator_id as finding
from marts.mart_projection as projected
inner join indicators.fct_indicator_value as figures
    on
        projected.la_code = figures.la_code
        and projected.indicator_id = figures.indicator_id
        and projected.area_type = figures.area_type
        and projected.area_name = figures.area_name
        and projected.extract_month = figures.extract_month
        and figures.month = figures.extract_month
where
    projected.la_code = '{la_code}'
    and projected.extract_month = date '{extract_month}'
