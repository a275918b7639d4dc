-- The figures of the extract.
select *
from indicators.fct_indicator_value
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
