{{ config(
    materialized='incremental',
    incremental_strategy='replace_extract',
    on_schema_change='append_new_columns',
    full_refresh=false,
    contract={'enforced': true},
) }}

-- Dimensions that are a state of the child on the day of the row; the family of the indicator gives the others.
{% set states = {
    'sex': 'characteristics.sex_code',
    'age_band': age_band('characteristics.date_of_birth', 'characteristics.expected_date_of_birth', 'child_rows.row_day'),
    'ethnicity_group': 'characteristics.ethnicity_code',
    'has_disability': 'characteristics.has_disability',
    'placement_group': "case when placements.placement_id is null then 'none' else placements.placement_group end",
    'placement_type': "case when placements.placement_id is null then 'none' else placements.placement_type_code end",
    'provider_group': "case when placements.placement_id is null then 'none' else placements.provider_code end",
    'location': "case when placements.placement_id is null then 'none' else placements.location end",
    'placement_la': "case when placements.placement_id is null then 'none' else placements.placement_la_code end",
    'legal_status': 'legal_statuses.legal_status_code',
} %}

with child_rows as (
    select *
    from {{ ref('ind_child_row') }}
    where month = extract_month
),

indicator_dimensions as (
    {{ indicator_dimensions(ref('indicator_register'), ref('dimension')) }}
),

dimensions as (
    select *
    from {{ ref('dimension') }}
),

codes as (
    select *
    from {{ ref('dimension_code') }}
),

-- a record may hold the code of the breakdown itself, or one that it stands for
recorded_codes as (
    select
        dimension,
        code as recorded_code,
        code
    from codes
    union
    select
        dimension,
        unnest(string_split(source_codes, ' ')) as recorded_code,
        code
    from codes
    where source_codes is not null
),

-- every row of an indicator, once for each of its dimensions
coded as (
    select
        child_rows.indicator_id,
        child_rows.la_code,
        child_rows.month,
        child_rows.extract_month,
        child_rows.area_name,
        child_rows.locality_name,
        child_rows.numerator_value,
        child_rows.denominator_value,
        indicator_dimensions.dimension,
        nullif(
            case indicator_dimensions.dimension
                {% for dimension, code in states.items() %}
                when '{{ dimension }}' then {{ code }}
                {% endfor %}
                else child_rows.codes[indicator_dimensions.dimension]
            end,
            ''
        ) as recorded_code
    from child_rows
    inner join indicator_dimensions
        on child_rows.indicator_id = indicator_dimensions.indicator_id
    left join {{ ref('int_child_characteristic') }} as characteristics
        on
            child_rows.la_code = characteristics.la_code
            and child_rows.extract_month = characteristics.extract_month
            and child_rows.child_id = characteristics.child_id
    left join {{ ref('int_placement_of_child') }} as placements
        on
            child_rows.la_code = placements.la_code
            and child_rows.extract_month = placements.extract_month
            and child_rows.child_id = placements.child_id
            and {{ is_within('placements.valid_from', 'placements.valid_to', 'child_rows.row_day') }}
    left join {{ ref('int_effective_legal_status') }} as legal_statuses
        on
            child_rows.la_code = legal_statuses.la_code
            and child_rows.extract_month = legal_statuses.extract_month
            and child_rows.child_id = legal_statuses.child_id
            and {{ is_within('legal_statuses.valid_from', 'legal_statuses.valid_to', 'child_rows.row_day') }}
),

-- few rows, before they are added up for each kind of area
team_sums as (
    select
        indicator_id,
        la_code,
        month,
        extract_month,
        area_name,
        locality_name,
        dimension,
        recorded_code,
        sum(numerator_value) as numerator_value,
        sum(denominator_value) as denominator_value
    from coded
    group by all
),

-- the only place that says where an empty code and one outside the set count
team_codes as (
    select
        team_sums.*,
        coalesce(
            recorded_codes.code,
            case
                when team_sums.recorded_code is null then dimensions.code_for_empty
                when dimensions.is_open then team_sums.recorded_code
                else dimensions.code_for_unknown
            end
        ) as code
    from team_sums
    inner join dimensions
        on team_sums.dimension = dimensions.dimension
    left join recorded_codes
        on
            team_sums.dimension = recorded_codes.dimension
            and team_sums.recorded_code = recorded_codes.recorded_code
),

code_sums as (
    {{ totals_by_area(
        'team_codes',
        keys=['indicator_id', 'la_code', 'month', 'extract_month', 'dimension', 'code'],
        totals={'numerator': sum_of_values('numerator_value'), 'denominator': sum_of_values('denominator_value')},
    ) }}
),

-- an area without a figure has no breakdown
figures as (
    select indicator_values.*
    from {{ ref('fct_indicator_value') }} as indicator_values
    inner join {{ ref('int_reporting_month') }} as months
        on
            indicator_values.la_code = months.la_code
            and indicator_values.extract_month = months.extract_month
            and indicator_values.month = months.month
    where months.month = months.extract_month
),

with_figures as (
    select
        figures.indicator_id,
        figures.la_code,
        figures.area_type,
        figures.area_name,
        figures.month,
        figures.extract_month,
        figures.basis,
        figures.unit,
        code_sums.dimension,
        code_sums.code,
        code_sums.numerator,
        code_sums.denominator,
        -- the share of a mean would be that of a sum of scores or days: it is the share of what they are of
        case
            when figures.unit in ('score', 'months', 'days') then code_sums.denominator else code_sums.numerator
        end as counted
    from figures
    inner join code_sums
        on
            figures.indicator_id = code_sums.indicator_id
            and figures.la_code = code_sums.la_code
            and figures.month = code_sums.month
            and figures.extract_month = code_sums.extract_month
            and figures.area_type = code_sums.area_type
            and {{ area_key('figures') }} = {{ area_key('code_sums') }}
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
        dimension,
        code,
        numerator,
        denominator,
        {{ value_of('unit', 'numerator', 'denominator') }} as value,
        100.0 * counted / nullif(
            sum(counted) over (
                partition by indicator_id, la_code, area_type, area_name, month, extract_month, dimension
            ),
            0
        ) as share
    from with_figures
)

select *
from final
