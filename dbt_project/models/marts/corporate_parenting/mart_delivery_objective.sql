{% set ratings = ['blue', 'red', 'amber', 'green'] %}
{% set changes = ['better', 'worse', 'new', 'closed', 'reopened', 'gone', 'unchanged'] %}
{% set levels = [('objective', 'objective_no', 'max(objective_name)'), ('plan', "'all'", "'All objectives'")] %}

with actions as (
    select *
    from {{ ref('ind_delivery_action') }}
),

final as (
    {% for level, objective, name in levels %}
    select
        la_code,
        '{{ level }}' as level,
        {{ objective }} as objective_no,
        {{ name }} as objective_name,
        count(case when is_listed then 1 end) as actions,
        {% for rating in ratings %}
        count(case when brag_code = '{{ rating }}' then 1 end) as {{ rating }},
        {% endfor %}
        count(case when is_listed and brag_code is null then 1 end) as not_rated,
        count(case when is_overdue then 1 end) as overdue,
        count(case when is_closed_with_target_unmet then 1 end) as closed_with_target_unmet,
        {% for change in changes %}
        count(case when change = '{{ change }}' then 1 end) as {{ change }},
        {% endfor %}
        max(previous_extract_month) as previous_extract_month,
        extract_month
    from actions
    group by la_code, extract_month{{ ", objective_no" if level == 'objective' }}
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select *
from final
