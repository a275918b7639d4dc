{{ config(materialized='table') }}

with comparators as (
    select *
    from {{ ref('fct_comparator') }}
    where is_comparable
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

published as (
    select
        comparators.indicator_id,
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

-- where a release gives the counts and not the percentage
from_counts as (
    select
        comparators.indicator_id,
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
        {{ rounded_half_up(
            "case register.unit when 'percentage' then 100 else 10000 end * comparators.numerator",
            'comparators.denominator',
            1
        ) }} as value,
        'value' as status,
        register.unit,
        1 as decimals,
        comparators.polarity,
        comparators.definition_difference,
        comparators.numerator,
        comparators.denominator
    from comparators
    inner join register
        on comparators.indicator_id = register.indicator_id
    where
        comparators.role = 'denominator'
        and register.unit <> 'number'
        and comparators.numerator is not null
        and comparators.denominator > 0
),

ranked as (
    select
        *,
        row_number() over (
            partition by indicator_id, geography_level, geography_code, period_end, publisher, release
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
