{% set comparators = ['england', 'region', 'statistical_neighbours'] %}

with indicator_values as (
    select *
    from {{ ref('fct_indicator_value') }}
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

-- published before the extract was taken; a restated month uses what its own extract could read
comparators as (
    select
        la_code,
        month as extract_month,
        indicator_id,
        {% for comparator in comparators %}
        max(case when comparator = '{{ comparator }}' then value end) as {{ comparator }}_value,
        max(case when comparator = '{{ comparator }}' then comparator_year end) as {{ comparator }}_year,
        {% endfor %}
        count(*) as comparators_told
    from {{ ref('ind_comparator_of_month') }}
    where
        release_rule = 'as_known_then'
        and comparator_year_rule = 'latest_published_year'
        -- a count depends on the size of the area
        and unit <> 'number'
    group by la_code, month, indicator_id
),

targets as (
    select
        *,
        coalesce(
            lead(first_month_used) over (partition by la_code, indicator_id order by first_month_used),
            {{ end_of_time() }}
        ) as first_month_of_next
    from {{ ref('indicator_target') }}
),

with_comparators as (
    select
        indicator_values.*,
        register.indicator_name,
        register.indicator_group,
        register.period,
        register.polarity,
        {% for comparator in comparators %}
        comparators.{{ comparator }}_value,
        comparators.{{ comparator }}_year,
        {% endfor %}
        targets.target_value,
        targets.amber_tolerance,
        targets.target_source,
        targets.first_month_used as target_from,
        -- distance below the target, in the unit of the figure; negative where the target is exceeded
        case register.polarity
            when 'higher_is_better' then targets.target_value - indicator_values.value
            when 'lower_is_better' then indicator_values.value - targets.target_value
        end as shortfall
    from indicator_values
    inner join register
        on indicator_values.indicator_id = register.indicator_id
    left join comparators
        on
            indicator_values.la_code = comparators.la_code
            and indicator_values.extract_month = comparators.extract_month
            -- published figures are of the whole authority
            and case when indicator_values.area_type = 'authority' then indicator_values.indicator_id end
            = comparators.indicator_id
    left join targets
        on
            indicator_values.la_code = targets.la_code
            -- a target for a count applies to the authority only, a target for a percentage to every area
            and case
                when indicator_values.unit <> 'number' or indicator_values.area_type = 'authority'
                    then indicator_values.indicator_id
            end = targets.indicator_id
            and indicator_values.month >= targets.first_month_used
            and indicator_values.month < targets.first_month_of_next
),

final as (
    select
        indicator_id,
        indicator_name,
        indicator_group,
        period,
        la_code,
        area_type,
        area_name,
        month,
        extract_month,
        basis,
        numerator,
        denominator,
        value,
        unit,
        population_mid_year,
        {% for comparator in comparators %}
        {{ comparator }}_value,
        {{ comparator }}_year,
        {% endfor %}
        target_value,
        target_source,
        target_from,
        case
            when shortfall <= 0 then 'green'
            when shortfall <= amber_tolerance then 'amber'
            when shortfall > 0 then 'red'
        end as rag,
        case
            when numerator is null then 'not_available'
            when value is null then 'not_available'
            else 'shown'
        end as status,
        not_available_reason,
        source_layout
    from with_comparators
)

select *
from final
