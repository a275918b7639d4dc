{{ config(
    materialized='incremental',
    incremental_strategy='replace_extract',
    on_schema_change='append_new_columns',
    full_refresh=false,
    contract={'enforced': true},
) }}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

availability as (
    select *
    from {{ ref('int_indicator_availability') }}
),

populations as (
    select *
    from {{ ref('int_population_in_force') }}
),

children as (
    select *
    from {{ ref('ind_child_row') }}
),

counts as (
    {{ totals_by_area(
        'children',
        keys=['indicator_id', 'la_code', 'month', 'extract_month'],
        totals={'numerator': sum_of_values('numerator_value'), 'denominator': sum_of_values('denominator_value')},
    ) }}
),

authorities as (
    select *
    from {{ ref('authority') }}
),

-- an authority row for every indicator and month, also where there is no child row
authority_rows as (
    select
        register.indicator_id,
        months.la_code,
        'authority' as area_type,
        coalesce(authorities.la_name, months.la_code) as area_name,
        months.month,
        months.extract_month,
        months.basis,
        register.unit,
        case when availability.is_available then coalesce(counts.numerator, 0) end as numerator,
        case
            when not availability.is_available or register.unit = 'number' then null
            when register.unit = 'rate_per_10000' then populations.population
            else coalesce(counts.denominator, 0)
        end as denominator,
        availability.not_available_reason,
        months.source_layout,
        case when register.unit = 'rate_per_10000' then populations.mid_year end as population_mid_year,
        availability.list_month
    from months
    cross join register
    inner join availability
        on
            months.la_code = availability.la_code
            and months.extract_month = availability.extract_month
            and months.month = availability.month
            and register.indicator_id = availability.indicator_id
    left join counts
        on
            register.indicator_id = counts.indicator_id
            and months.la_code = counts.la_code
            and months.month = counts.month
            and months.extract_month = counts.extract_month
            and counts.area_type = 'authority'
    left join populations
        on
            months.la_code = populations.la_code
            and months.extract_month = populations.extract_month
            and months.month = populations.month
    left join authorities
        on months.la_code = authorities.la_code
),

area_rows as (
    select
        counts.indicator_id,
        counts.la_code,
        counts.area_type,
        counts.area_name,
        counts.month,
        counts.extract_month,
        months.basis,
        register.unit,
        counts.numerator,
        counts.denominator,
        cast(null as varchar) as not_available_reason,
        months.source_layout,
        cast(null as integer) as population_mid_year,
        availability.list_month
    from counts
    inner join register
        on counts.indicator_id = register.indicator_id
    inner join availability
        on
            counts.la_code = availability.la_code
            and counts.extract_month = availability.extract_month
            and counts.month = availability.month
            and counts.indicator_id = availability.indicator_id
    inner join months
        on
            counts.la_code = months.la_code
            and counts.month = months.month
            and counts.extract_month = months.extract_month
    where
        counts.area_type <> 'authority'
        and register.has_team_rows
        and case when register.unit = 'number' then counts.numerator else counts.denominator end <> 0
),

all_rows as (
    select *
    from authority_rows
    union all
    select *
    from area_rows
),

final as (
    select
        indicator_id,
        la_code,
        area_type,
        area_name,
        month,
        extract_month,
        basis,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        {{ value_of('unit', 'numerator', 'denominator') }} as value,
        unit,
        not_available_reason,
        source_layout,
        population_mid_year,
        list_month
    from all_rows
)

select *
from final
