{# Reasons that the register does not list for the indicator. A `{parameter}` of the register stands for a number. #}
{% test reason_is_listed(model, column_name) %}
with reasons as (
    select distinct
        indicator_id,
        {{ column_name }} as reason
    from {{ model }}
    where {{ column_name }} is not null
),

register as (
    select
        indicator_id,
        unnest(string_split(reasons, ' | ')) as reason
    from {{ ref('indicator_register') }}
),

listed as (
    select
        indicator_id,
        '^' || regexp_replace(reason, '[{][a-z_]+[}]', '[0-9]+', 'g') || '$' as reason_pattern
    from register
)

select reasons.*
from reasons
left join listed
    on
        reasons.indicator_id = listed.indicator_id
        and regexp_matches(reasons.reason, listed.reason_pattern)
where listed.reason_pattern is null
{% endtest %}
