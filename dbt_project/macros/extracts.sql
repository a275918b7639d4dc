{# The rows of one raw object that belong to the extract being worked on. A run works on one extract. #}
{% macro rows_of_this_extract(object) -%}
    select *
    from {{ source('lcs', object) }}
    where extract_month = (select run.extract_month from {{ source('lcs', 'run') }} as run)
{%- endmacro %}


{# Incremental strategy: the partition of this run's extract is replaced as a whole, so that loading a
   month again, out of order, or after a gap gives the same table. #}
{% macro get_incremental_replace_extract_sql(arg_dict) %}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where extract_month in (select run.extract_month from {{ source('lcs', 'run') }} as run);

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }};
{% endmacro %}
