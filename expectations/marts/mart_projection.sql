with beside as (
    select
        projected.indicator_id,
        projected.numerator is distinct from figures.numerator
        or projected.denominator is distinct from figures.denominator as is_another
    from this_partition as projected
    inner join indicators.fct_indicator_value as figures
        on
            projected.la_code = figures.la_code
            and projected.indicator_id = figures.indicator_id
            and projected.area_type = figures.area_type
            and projected.area_name = figures.area_name
            and projected.extract_month = figures.extract_month
            and figures.month = figures.extract_month
),

sums as (
    select
        indicator_id,
        area_type,
        sum(projected_numerator) as numerator,
        sum(projected_denominator) as denominator
    from this_partition
    group by indicator_id, area_type
),

added as (
    select
        wholes.indicator_id,
        parts.numerator is distinct from wholes.numerator
        or parts.denominator is distinct from wholes.denominator as is_off
    from sums as wholes
    inner join sums as parts
        on
            wholes.indicator_id = parts.indicator_id
            and parts.area_type <> 'authority'
    where wholes.area_type = 'authority'
)

select
    (select case when count(*) > 0 then count(*) filter (where is_another) end from beside)
        as projections_beside_their_figure,
    (
        select string_agg(distinct indicator_id, ', ' order by indicator_id)
        from beside
        where is_another
    ) as projections_beside_their_figure_detail,
    (
        select case when count(*) > 0 then count(distinct indicator_id) filter (where is_off) end
        from added
    ) as projections_that_do_not_add_up,
    (
        select string_agg(distinct indicator_id, ', ' order by indicator_id)
        from added
        where is_off
    ) as projections_that_do_not_add_up_detail
