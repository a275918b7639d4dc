{{ config(materialized='table') }}

{% set key = ['indicator_id', 'dimension', 'code', 'period_end', 'publisher', 'release'] %}

with figures as (
    select *
    from {{ ref('fct_published_figure') }}
),

neighbours as (
    select *
    from {{ ref('int_neighbour_in_force') }}
),

compared_areas as (
    select *
    from {{ ref('dim_comparator') }}
),

area_figures as (
    select
        compared_areas.la_code,
        compared_areas.comparator,
        figures.*
    from figures
    inner join compared_areas
        on
            figures.geography_level = compared_areas.geography_level
            and figures.geography_code = compared_areas.geography_code
),

-- counts depend on the size of an authority: a mean of counts is not comparable
neighbour_figures as (
    select
        neighbours.la_code,
        neighbours.model,
        -- a neighbour that no longer exists is not replaced
        case
            when neighbours.ended_on is null or neighbours.ended_on > figures.period_end then figures.value
        end as neighbour_value,
        figures.*
    from figures
    inner join neighbours
        on
            figures.geography_level = 'local_authority'
            and figures.geography_code = neighbours.neighbour_code
            and figures.period_end between neighbours.valid_from and neighbours.valid_to
    where figures.unit <> 'number'
),

years as (
    select distinct
        la_code,
        model,
        period_end
    from neighbour_figures
),

list_sizes as (
    select
        years.la_code,
        years.model,
        years.period_end,
        count(*) as neighbours_in_list,
        count(*) filter (where neighbours.ended_on <= years.period_end) as neighbours_ended
    from years
    inner join neighbours
        on
            years.la_code = neighbours.la_code
            and years.model = neighbours.model
            and years.period_end between neighbours.valid_from and neighbours.valid_to
    group by years.la_code, years.model, years.period_end
),

sums as (
    select
        la_code,
        model,
        {{ key | join(',\n        ') }},
        unit,
        max(published_date) as published_date,
        min(source_kind) as source_kind,
        min(measure) as measure,
        -- one decimal more than the figures, as papers print their mean
        greatest(max(decimals), 1) as decimals,
        max(polarity) as polarity,
        max(definition_difference) as definition_difference,
        count(neighbour_value) as neighbours_with_value,
        sum({{ in_millionths('neighbour_value') }}) as value_sum,
        -- twice the median is a whole number
        cast(2 * median({{ in_millionths('neighbour_value') }}) as bigint) as two_medians,
        case
            when
                count(*) filter (
                    where neighbour_value is not null and (numerator is null or denominator is null)
                ) = 0
                then sum(numerator) filter (where neighbour_value is not null)
        end as numerator,
        sum(denominator) filter (where neighbour_value is not null) as denominator
    from neighbour_figures
    group by la_code, model, unit, {{ key | join(', ') }}
),

methods as (
    select
        *,
        'unweighted_mean' as method,
        cast(value_sum as bigint) as dividend,
        neighbours_with_value * 1000000 as divisor
    from sums
    union all
    select
        *,
        'median' as method,
        two_medians as dividend,
        2000000 as divisor
    from sums
    union all
    select
        *,
        'pooled' as method,
        cast(numerator as bigint) * case unit when 'percentage' then 100 else 10000 end as dividend,
        cast(denominator as bigint) as divisor
    from sums
    where numerator is not null
),

neighbour_methods as (
    select
        methods.*,
        list_sizes.neighbours_in_list,
        list_sizes.neighbours_ended,
        -- no figure from fewer than half of a list
        2 * methods.neighbours_with_value >= list_sizes.neighbours_in_list as is_enough
    from methods
    inner join list_sizes
        on
            methods.la_code = list_sizes.la_code
            and methods.model = list_sizes.model
            and methods.period_end = list_sizes.period_end
),

figures_of_areas_and_neighbours as (
    select
        la_code,
        comparator,
        {{ key | join(',\n        ') }},
        published_date,
        source_kind,
        measure,
        method,
        cast(null as varchar) as neighbour_model,
        cast(null as bigint) as neighbours_with_value,
        cast(null as bigint) as neighbours_in_list,
        cast(null as bigint) as neighbours_ended,
        value,
        value as unrounded_value,
        status,
        unit,
        decimals,
        polarity,
        definition_difference,
        numerator,
        denominator
    from area_figures
    union all
    select
        la_code,
        'statistical_neighbours' as comparator,
        {{ key | join(',\n        ') }},
        published_date,
        source_kind,
        measure,
        method,
        model as neighbour_model,
        neighbours_with_value,
        neighbours_in_list,
        neighbours_ended,
        case when is_enough then {{ rounded_half_up('dividend', 'divisor', 'decimals') }} end as value,
        case when is_enough then dividend / nullif(divisor, 0) end as unrounded_value,
        case when is_enough then 'value' else 'too_few_neighbours' end as status,
        unit,
        decimals,
        polarity,
        definition_difference,
        case when is_enough and method = 'pooled' then cast(numerator as bigint) end as numerator,
        case when is_enough and method = 'pooled' then cast(denominator as bigint) end as denominator
    from neighbour_methods
),

usable as (
    select
        *,
        coalesce({{ is_usable_figure() }}, false) as is_usable
    from figures_of_areas_and_neighbours
),

-- the newest year that a release has; a paper repeats figures of many years and is as old as each of them
dated as (
    select
        *,
        case
            when source_kind = 'printed' then period_end
            else
                max(case when is_usable then period_end end)
                    over (partition by publisher, release, source_kind = 'printed')
        end as newest_period_end
    from usable
),

-- a release without a day of publication is as new as its newest year
ranked as (
    select
        *,
        row_number() over (
            partition by la_code, comparator, indicator_id, dimension, code, period_end, is_usable
            order by newest_period_end desc, {{ newest_release_first() }}
        ) as newest_first
    from dated
),

final as (
    select
        la_code,
        comparator,
        indicator_id,
        dimension,
        code,
        period_end,
        publisher,
        release,
        published_date,
        source_kind,
        measure,
        method,
        neighbour_model,
        neighbours_with_value,
        neighbours_in_list,
        neighbours_ended,
        value,
        unrounded_value,
        status,
        unit,
        decimals,
        polarity,
        definition_difference,
        numerator,
        denominator,
        is_usable and newest_first = 1 as is_latest
    from ranked
)

select *
from final
