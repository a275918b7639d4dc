{{ config(materialized='view') }}

{% set families = [
    'ind_cin_plans',
    'ind_cp_plans_open',
    'ind_cp_plans_ended',
    'ind_cp_plans_started',
    'ind_children_looked_after',
    'ind_cla_movements',
    'ind_cla_health',
    'ind_cla_placements',
    'ind_cla_profile',
    'ind_cla_ceased',
    'ind_adoption',
    'ind_edge_of_care',
    'ind_permanence_tracker',
    'ind_cla_reviews',
    'ind_cp_reviews',
    'ind_conferences',
    'ind_front_door',
    'ind_visits',
    'ind_missing',
    'ind_care_leavers',
    'ind_staying_put',
    'ind_reviewing_caseload',
    'ind_reviewing_posts',
    'ind_midpoint_monitoring',
    'ind_challenges',
    'ind_foster_reviews',
    'ind_education_and_health',
] %}

with children as (
    {% for family in families %}
    select *
    from {{ ref(family) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

availability as (
    select *
    from {{ ref('int_indicator_availability') }}
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

final as (
    select
        children.indicator_id,
        children.la_code,
        children.child_id,
        children.month,
        children.extract_month,
        children.area_name,
        children.locality_name,
        children.is_in_numerator,
        children.event_id,
        children.reason,
        children.due_date,
        children.actual_date,
        coalesce(children.unit_type, register.unit_type) as unit_type,
        coalesce(children.unit_id, children.event_id, children.child_id) as unit_id,
        case when children.is_in_numerator then coalesce(children.numerator_value, 1) else 0 end as numerator_value,
        -- the denominator of a rate is a population
        case
            when register.unit not in ('number', 'rate_per_10000') then coalesce(children.denominator_value, 1)
        end as denominator_value,
        children.row_day,
        children.codes
    from children
    inner join register
        on children.indicator_id = register.indicator_id
    inner join availability
        on
            children.la_code = availability.la_code
            and children.extract_month = availability.extract_month
            and children.month = availability.month
            and children.indicator_id = availability.indicator_id
    where availability.is_available
)

select *
from final
