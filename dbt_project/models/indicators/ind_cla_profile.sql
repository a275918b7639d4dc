{% set placed_elsewhere = "case when placement_group is null then 'No placement open' else 'Placed elsewhere' end" %}
{% set other_status =
    "case when legal_status_code is null then 'No legal status recorded' else 'Another legal status' end" %}

{% set unknown_area = "when location is null then 'No placement open'
            when location = 'not_known' then 'Where the placement is is not known'" %}

with looked_after as (
    select *
    from {{ ref('int_looked_after_state') }}
),

children as (
    {{ with_team_on('looked_after', 'month') }}
),

final as (
    {{ child_rows('children', 'cla_placed_out_of_area', "location = 'out_of_area'",
        'case ' ~ unknown_area ~ " else 'Placed in the area' end") }}
    union all
    {{ child_rows('children', 'cla_out_of_area_over_20_miles',
        "location = 'out_of_area' and distance_miles > 20 and distance_miles < 999 and not is_unaccompanied",
        'case ' ~ unknown_area ~ "
            when location = 'in_area' then 'Placed in the area'
            when is_unaccompanied then 'Unaccompanied asylum-seeking child'
            when coalesce(distance_miles, 999) >= 999 then 'Distance not known'
            else '20 miles or less from home'
        end") }}
    union all
    {{ child_rows('children', 'cla_in_foster_care', "placement_group = 'foster'", placed_elsewhere) }}
    union all
    {{ child_rows('children', 'cla_in_residential_care', "placement_group = 'residential'", placed_elsewhere) }}
    union all
    {{ child_rows('children', 'cla_placed_with_parents', "placement_group = 'parents'", placed_elsewhere) }}
    union all
    {{ child_rows('children', 'cla_in_supported_accommodation_16_17',
        where="age >= 16 and placement_type_code in ('H5', 'K3', 'P2')") }}
    union all
    {{ child_rows('children', 'cla_16_17_residential_review',
        where="age >= 16 and placement_type_code in ('H5', 'K1', 'K2', 'R1')") }}
    union all
    {{ child_rows('children', 'cla_interim_care_order', "legal_status_code = 'C1'", other_status) }}
    union all
    {{ child_rows('children', 'cla_section_20', "legal_status_code = 'V2'", other_status) }}
    union all
    {{ child_rows('children', 'cla_section_20_without_plan',
        where="legal_status_code = 'V2' and not has_care_plan") }}
    union all
    {{ child_rows('children', 'care_order_placed_with_parents',
        where="legal_status_code = 'C2' and placement_group = 'parents'") }}
    union all
    {{ child_rows('children', 'interim_order_placed_with_parents',
        where="legal_status_code = 'C1' and placement_group = 'parents'") }}
    union all
    {{ child_rows('children', 'cla_without_permanence_plan',
        where='permanence_plan_due_date <= month and not has_permanence_plan', due_date='permanence_plan_due_date') }}
    union all
    {{ child_rows('children', 'cla_repeat_period_12_months', 'last_ceased_date is not null',
        "'No earlier period of care in the 12 months before'", actual_date='last_ceased_date') }}
    union all
    {{ child_rows('children', 'cla_uasc', where='is_unaccompanied') }}
)

select *
from final
