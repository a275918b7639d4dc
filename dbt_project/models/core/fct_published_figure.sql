{{ config(materialized='table') }}

with comparators as (
    select
        comparators.*,
        case
            when {{ compared_with('comparators.code', 'register.unit') }} = 'share' then 'percentage' else register.unit
        end as compared_unit
    from {{ ref('fct_comparator') }} as comparators
    inner join {{ ref('indicator_register') }} as register
        on comparators.indicator_id = register.indicator_id
    where comparators.is_comparable
),

published as (
    select
        comparators.indicator_id,
        comparators.dimension,
        comparators.code,
        comparators.geography_level,
        comparators.geography_code,
        comparators.geography_name,
        comparators.period_end,
        comparators.publisher,
        comparators.release,
        comparators.published_date,
        comparators.source_kind,
        comparators.measure,
        comparators.source_file,
        comparators.row_number,
        'as_published' as method,
        comparators.value,
        comparators.status,
        comparators.unit,
        comparators.decimals,
        comparators.polarity,
        comparators.definition_difference,
        comparators.numerator,
        comparators.denominator
    from comparators
    where comparators.role = 'value'
),

-- where a release gives the counts and not the percentage, or the parts of a count and not their sum
from_counts as (
    select
        comparators.indicator_id,
        comparators.dimension,
        comparators.code,
        comparators.geography_level,
        comparators.geography_code,
        comparators.geography_name,
        comparators.period_end,
        comparators.publisher,
        comparators.release,
        comparators.published_date,
        comparators.source_kind,
        comparators.measure,
        comparators.source_file,
        comparators.row_number,
        'from_counts' as method,
        case comparators.compared_unit
            when 'number' then comparators.numerator
            else {{ rounded_half_up(
                "case comparators.compared_unit when 'percentage' then 100 else 10000 end * comparators.numerator",
                'comparators.denominator',
                1
            ) }}
        end as value,
        'value' as status,
        comparators.compared_unit as unit,
        case comparators.compared_unit when 'number' then 0 else 1 end as decimals,
        comparators.polarity,
        comparators.definition_difference,
        comparators.numerator,
        comparators.denominator
    from comparators
    where
        comparators.numerator is not null
        and (
            (comparators.compared_unit <> 'number' and comparators.role = 'denominator' and comparators.denominator > 0)
            or (comparators.compared_unit = 'number' and comparators.role = 'numerator')
        )
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                indicator_id, dimension, code, geography_level, geography_code, period_end, publisher, release
            order by
                case when method = 'as_published' then 0 else 1 end,
                case when value is null then 1 else 0 end,
                case when numerator is null then 1 else 0 end,
                source_kind,
                measure,
                source_file,
                row_number
        ) as precedence
    from (
        select * from published
        union all
        select * from from_counts
    ) as figures
),

final as (
    select
        indicator_id,
        dimension,
        code,
        geography_level,
        geography_code,
        geography_name,
        period_end,
        publisher,
        release,
        published_date,
        source_kind,
        measure,
        method,
        value,
        status,
        unit,
        decimals,
        polarity,
        definition_difference,
        numerator,
        denominator
    from ranked
    where precedence = 1
)

select *
from final
