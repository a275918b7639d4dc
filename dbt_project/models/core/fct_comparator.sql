{{ config(materialized='table') }}

with published as (
    select *
    from {{ ref('stg_comparators__value') }}
    where
        period_kind = 'financial_year'
        and period_end is not null
        and geography_code is not null
),

releases as (
    select *
    from {{ ref('stg_comparators__release') }}
),

measures as (
    select *
    from {{ ref('comparator_measure') }}
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

-- measures of the register only; the rest of the files is in raw
mapped as (
    select
        measures.indicator_id,
        measures.dimension,
        measures.code,
        measures.role,
        measures.unit,
        measures.decimals,
        register.polarity,
        measures.is_comparable,
        measures.definition_difference,
        published.*,
        {{ dataset_of('published.measure') }} as dataset,
        {{ breakdown_key('measures') }} as breakdown,
        coalesce(published.published_date, releases.published_date) as public_from
    from published
    inner join measures
        on
            published.source_kind = measures.source_kind
            and published.measure = measures.measure
            and published.dimensions = coalesce(measures.dimensions, '')
            and year(published.period_end) >= coalesce(measures.first_year, year(published.period_end))
            and year(published.period_end) <= coalesce(measures.last_year, year(published.period_end))
    inner join register
        on measures.indicator_id = register.indicator_id
    left join releases
        on
            published.publisher = releases.publisher
            and published.release = releases.release
),

numerator_measures as (
    select
        measures.source_kind,
        measures.indicator_id,
        {{ breakdown_key('measures') }} as breakdown,
        {{ dataset_of('measures.measure') }} as dataset,
        count(*) as parts
    from measures
    where measures.role = 'numerator'
    group by all
),

-- two files of a release may have the same count
parts as (
    select
        publisher,
        release,
        source_kind,
        dataset,
        indicator_id,
        breakdown,
        geography_level,
        geography_code,
        period_end,
        role,
        measure,
        dimensions,
        max(value) as value,
        max(definition_difference) as definition_difference
    from mapped
    where role in ('numerator', 'denominator')
    group by all
),

-- a numerator may be published in several parts: if one is missing, it is null
counts as (
    select
        parts.publisher,
        parts.release,
        parts.source_kind,
        parts.dataset,
        parts.indicator_id,
        parts.breakdown,
        parts.geography_level,
        parts.geography_code,
        parts.period_end,
        case
            when count(parts.value) filter (where parts.role = 'numerator') = max(numerator_measures.parts)
                then sum(parts.value) filter (where parts.role = 'numerator')
        end as numerator,
        max(parts.value) filter (where parts.role = 'denominator') as denominator,
        max(parts.definition_difference) as definition_difference
    from parts
    inner join numerator_measures
        on
            parts.source_kind = numerator_measures.source_kind
            and parts.dataset = numerator_measures.dataset
            and parts.indicator_id = numerator_measures.indicator_id
            and parts.breakdown = numerator_measures.breakdown
    group by all
),

final as (
    select
        mapped.indicator_id,
        mapped.dimension,
        mapped.code,
        mapped.role,
        mapped.geography_level,
        mapped.geography_code,
        mapped.geography_name,
        mapped.period_end,
        mapped.period,
        mapped.publisher,
        mapped.release,
        mapped.public_from as published_date,
        mapped.source_kind,
        mapped.measure,
        mapped.dimensions,
        mapped.raw_token,
        mapped.value,
        mapped.status,
        mapped.unit,
        mapped.decimals,
        mapped.polarity,
        mapped.is_comparable,
        coalesce(mapped.definition_difference, counts.definition_difference) as definition_difference,
        case when mapped.is_comparable then cast(counts.numerator as bigint) end as numerator,
        case when mapped.is_comparable then cast(counts.denominator as bigint) end as denominator,
        mapped.source_file,
        mapped.row_number
    from mapped
    left join counts
        on
            mapped.publisher = counts.publisher
            and mapped.release = counts.release
            and mapped.source_kind = counts.source_kind
            and mapped.dataset = counts.dataset
            and mapped.indicator_id = counts.indicator_id
            and mapped.breakdown = counts.breakdown
            and mapped.geography_level = counts.geography_level
            and mapped.geography_code = counts.geography_code
            and mapped.period_end = counts.period_end
)

select *
from final
