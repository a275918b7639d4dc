-- Every count and percentage that has rows by team, for every month of the extract: its numerator and denominator for
-- the authority, summed over teams, and summed over localities.
with register as (
    select indicator_id
    from seeds.indicator_register
    where
        has_team_rows
        and unit in ('number', 'percentage')
),

figures as (
    select
        indicator_id,
        month,
        area_type,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from indicators.fct_indicator_value
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
    group by indicator_id, month, area_type
)

select
    kinds.area_type,
    coalesce(wholes.numerator, 0) <> coalesce(parts.numerator, 0)
    or coalesce(wholes.denominator, 0) <> coalesce(parts.denominator, 0) as is_off,
    wholes.indicator_id || ' ' || strftime(wholes.month, '%Y-%m') as finding
from figures as wholes
inner join register
    on wholes.indicator_id = register.indicator_id
cross join (values ('team'), ('locality')) as kinds (area_type)
left join figures as parts
    on
        wholes.indicator_id = parts.indicator_id
        and wholes.month = parts.month
        and kinds.area_type = parts.area_type
where wholes.area_type = 'authority'
