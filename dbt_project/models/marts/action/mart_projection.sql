with items as (
    select
        *,
        last_day({{ add_months('extract_month', 1) }}) as projected_month
    from {{ ref('ind_due_item') }}
    where indicator_id is not null
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

reported as (
    select *
    from {{ ref('fct_indicator_value') }}
    where
        basis = 'as_reported'
        and numerator is not null
),

newest_extracts as (
    select
        la_code,
        max(extract_month) as extract_month
    from reported
    group by la_code
),

projected_indicators as (
    select distinct indicator_id
    from items
),

figures as (
    select
        reported.*,
        last_day({{ add_months('reported.extract_month', 1) }}) as projected_month
    from reported
    inner join newest_extracts
        on
            reported.la_code = newest_extracts.la_code
            and reported.extract_month = newest_extracts.extract_month
    inner join projected_indicators
        on reported.indicator_id = projected_indicators.indicator_id
),

projected as (
    {{ totals_by_area(
        'items',
        keys=['indicator_id', 'la_code', 'extract_month', 'projected_month'],
        totals={
            'projected_numerator': 'count(*) filter (where is_in_next_numerator)',
            'projected_denominator': 'count(*) filter (where is_in_next_denominator)',
            'items_falling_due': 'count(*) filter (where overdue_from > extract_month and overdue_from <= projected_month)',
        },
        team='team_name',
    ) }}
),

-- a team with a count of 0, today or then, has no row
compared as (
    select
        coalesce(figures.indicator_id, projected.indicator_id) as indicator_id,
        coalesce(figures.la_code, projected.la_code) as la_code,
        coalesce(figures.area_type, projected.area_type) as area_type,
        coalesce(figures.area_name, projected.area_name) as area_name,
        coalesce(figures.extract_month, projected.extract_month) as extract_month,
        coalesce(figures.projected_month, projected.projected_month) as projected_month,
        coalesce(figures.numerator, 0) as numerator,
        coalesce(figures.denominator, 0) as denominator,
        coalesce(projected.projected_numerator, 0) as projected_numerator,
        coalesce(projected.projected_denominator, 0) as projected_denominator,
        coalesce(projected.items_falling_due, 0) as items_falling_due
    from figures
    full outer join projected
        on
            figures.indicator_id = projected.indicator_id
            and figures.la_code = projected.la_code
            and figures.extract_month = projected.extract_month
            and figures.area_type = projected.area_type
            and {{ area_key('figures') }} = {{ area_key('projected') }}
),

final as (
    select
        compared.indicator_id,
        register.indicator_name,
        compared.la_code,
        compared.area_type,
        compared.area_name,
        compared.extract_month as month,
        compared.extract_month,
        compared.projected_month,
        register.unit,
        cast(compared.numerator as bigint) as numerator,
        cast(case when register.unit = 'percentage' then compared.denominator end as bigint) as denominator,
        cast(
            case register.unit
                when 'number' then compared.numerator
                else 100.0 * compared.numerator / nullif(compared.denominator, 0)
            end as double
        ) as value,
        cast(compared.projected_numerator as bigint) as projected_numerator,
        cast(case when register.unit = 'percentage' then compared.projected_denominator end as bigint)
            as projected_denominator,
        cast(
            case register.unit
                when 'number' then compared.projected_numerator
                else 100.0 * compared.projected_numerator / nullif(compared.projected_denominator, 0)
            end as double
        ) as projected_value,
        cast(compared.items_falling_due as bigint) as items_falling_due
    from compared
    inner join register
        on compared.indicator_id = register.indicator_id
    where
        compared.area_type = 'authority'
        or compared.numerator + compared.denominator > 0
        or compared.projected_numerator + compared.projected_denominator > 0
)

select *
from final
