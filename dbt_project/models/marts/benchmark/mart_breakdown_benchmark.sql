with chosen as (
    select *
    from {{ ref('ind_comparator_of_month') }}
    where code is not null
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

comparators as (
    select *
    from {{ ref('dim_comparator') }}
),

final as (
    select
        chosen.indicator_id,
        chosen.dimension,
        chosen.code,
        chosen.la_code,
        chosen.month,
        chosen.month as extract_month,
        chosen.comparator,
        comparators.comparator_name,
        chosen.release_rule,
        chosen.comparator_year_rule,
        {{ compared_with('chosen.code', 'register.unit') }} as compared_with,
        chosen.unit,
        chosen.value as comparator_value,
        chosen.status as comparator_status,
        chosen.numerator as comparator_numerator,
        chosen.denominator as comparator_denominator,
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
        chosen.definition_difference
    from chosen
    inner join register
        on chosen.indicator_id = register.indicator_id
    inner join comparators
        on
            chosen.la_code = comparators.la_code
            and chosen.comparator = comparators.comparator
)

select *
from final
