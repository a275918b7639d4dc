{# Fails with the rows whose grain occurs more than once or, unless allowed, is null in a part. Of a table that
   keeps every extract only the rows of this run are looked at: the others are as they were. #}
{% test grain_is_unique(model, columns, nullable=[]) %}
select
    {{ columns | join(', ') }},
    count(*) as occurrences
from {{ '(' ~ rows_of_this_run(model) ~ ') as held' if 'extract_month' in columns else model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns if column not in nullable %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
