{# Fails with the rows whose grain occurs more than once or, unless allowed, is null in a part. Of a table that
   keeps every extract only the one of this run is looked at: the others are as they were. #}
{% test grain_is_unique(model, columns, nullable=[]) %}
select
    {{ columns | join(', ') }},
    count(*) as occurrences
from {{ model }}
{% if 'extract_month' in columns %}
where extract_month in (select run.extract_month from {{ source('ingest', 'run') }} as run)
{% endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns if column not in nullable %}
    or {{ column }} is null
    {% endfor %}
{% endtest %}
