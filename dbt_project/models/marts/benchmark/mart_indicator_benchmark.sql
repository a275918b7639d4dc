with chosen as (
    select *
    from {{ ref('ind_comparator_of_month') }}
    where code is null
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

published_indicators as (
    select distinct indicator_id
    from {{ ref('comparator_measure') }}
    where
        is_comparable
        and code is null
),

ours as (
    select indicator_values.*
    from {{ ref('fct_indicator_value') }} as indicator_values
    inner join published_indicators
        on indicator_values.indicator_id = published_indicators.indicator_id
    where
        indicator_values.basis = 'as_reported'
        -- a count depends on the size of the area: it is compared only with the authority's own published count
        and (indicator_values.unit <> 'number' or indicator_values.area_type = 'authority')
),

comparators as (
    select *
    from {{ ref('dim_comparator') }}
),

asked as (
    select
        ours.*,
        comparators.comparator,
        comparators.comparator_name,
        release_rules.release_rule,
        year_rules.comparator_year_rule
    from ours
    inner join comparators
        on
            ours.la_code = comparators.la_code
            and (ours.unit <> 'number' or comparators.comparator = 'own_published')
    cross join (values ('as_known_then'), ('latest')) as release_rules (release_rule)
    cross join (values ('same_year'), ('latest_published_year')) as year_rules (comparator_year_rule)
),

compared as (
    select
        asked.*,
        chosen.value as comparator_value,
        coalesce(chosen.status, 'not_available') as comparator_status,
        chosen.period_end as comparator_period_end,
        chosen.comparator_year,
        chosen.years_apart,
        chosen.publisher,
        chosen.release,
        chosen.published_date,
        chosen.source_kind,
        chosen.measure,
        chosen.method,
        chosen.neighbour_model,
        chosen.neighbours_with_value,
        chosen.neighbours_in_list,
        chosen.decimals,
        chosen.polarity,
        chosen.definition_difference,
        asked.value - chosen.value as difference,
        case
            when asked.unit <> 'percentage' or asked.value is null or chosen.value is null then null
            when chosen.denominator > 0 and chosen.numerator is not null then 'two_proportion_z'
            else 'wilson_interval'
        end as chance_method,
        chosen.numerator as comparator_numerator,
        chosen.denominator as comparator_denominator
    from asked
    left join chosen
        on
            asked.la_code = chosen.la_code
            and asked.month = chosen.month
            and asked.indicator_id = chosen.indicator_id
            and asked.comparator = chosen.comparator
            and asked.release_rule = chosen.release_rule
            and asked.comparator_year_rule = chosen.comparator_year_rule
),

final as (
    select
        compared.indicator_id,
        register.indicator_name,
        compared.la_code,
        compared.area_type,
        compared.area_name,
        compared.month,
        compared.extract_month,
        compared.comparator,
        compared.comparator_name,
        compared.release_rule,
        compared.comparator_year_rule,
        compared.numerator,
        compared.denominator,
        compared.value,
        compared.unit,
        compared.comparator_value,
        compared.comparator_status,
        compared.comparator_period_end,
        compared.comparator_year,
        compared.years_apart,
        compared.publisher,
        compared.release,
        compared.published_date,
        compared.source_kind,
        compared.measure,
        compared.method,
        compared.neighbour_model,
        compared.neighbours_with_value,
        compared.neighbours_in_list,
        compared.comparator_numerator,
        compared.comparator_denominator,
        compared.difference,
        case
            when compared.difference is null or compared.polarity = 'neither' then 'not_judged'
            -- rounded as the published figure is
            when abs(compared.difference) < 0.5 / pow(10, compared.decimals) then 'same'
            when (compared.difference > 0) = (compared.polarity = 'higher_is_better') then 'better'
            else 'worse'
        end as verdict,
        case compared.chance_method
            when 'two_proportion_z'
                then {{ two_proportions_differ(
                    'compared.numerator',
                    'compared.denominator',
                    'compared.comparator_numerator',
                    'compared.comparator_denominator'
                ) }}
            when 'wilson_interval'
                then {{ is_outside_wilson(
                    'compared.numerator', 'compared.denominator', 'compared.comparator_value / 100.0'
                ) }}
        end as is_more_than_chance,
        compared.chance_method,
        compared.definition_difference,
        case
            when compared.comparator_status = 'suppressed' then 'suppressed'
            when compared.difference is null then 'not_available'
            else 'shown'
        end as status
    from compared
    inner join register
        on compared.indicator_id = register.indicator_id
)

select *
from final
