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
    'ind_cla_reviews',
    'ind_cp_reviews',
    'ind_front_door',
    'ind_care_leavers',
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

final as (
    select children.*
    from children
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
