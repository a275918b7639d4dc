{# Reasons that are not in the closed list, whose `{parameter}`s stand for numbers. #}
{% test reason_is_listed(model, column_name) %}
with reasons as (
    select distinct {{ column_name }} as reason
    from {{ model }}
    where {{ column_name }} is not null
),

listed as (
    select '^' || regexp_replace(reason, '[{][a-z_]+[}]', '[0-9]+', 'g') || '$' as reason_pattern
    from {{ ref('indicator_reason') }}
)

select reasons.reason
from reasons
left join listed
    on regexp_matches(reasons.reason, listed.reason_pattern)
where listed.reason_pattern is null
{% endtest %}
