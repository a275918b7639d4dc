{# The rows of a raw object that belong to the extract of this run. A run works on one extract. #}
{% macro rows_of_this_extract(object, source_name='lcs') -%}
    select *
    from {{ source(source_name, object) }}
    where extract_month = (select run.extract_month from {{ source('ingest', 'run') }} as run)
{%- endmacro %}


{# Incremental strategy: replaces all rows of this run's extract, so that a month that is loaded again, out of order or
   after a gap gives the same table. #}
{% macro get_incremental_replace_extract_sql(arg_dict) %}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where extract_month in (select run.extract_month from {{ source('ingest', 'run') }} as run);

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }};
{% endmacro %}
