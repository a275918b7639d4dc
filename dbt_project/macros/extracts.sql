{# The rows of a relation that belong to this run: it works on one extract month of one authority or several. #}
{% macro rows_of_this_run(relation) -%}
    select held.*
    from {{ relation }} as held
    inner join {{ source('ingest', 'run') }} as run
        on
            held.la_code = run.la_code
            and held.extract_month = run.extract_month
{%- endmacro %}


{# The rows of a raw object that belong to this run. #}
{% macro rows_of_this_extract(object, source_name='lcs') -%}
    {{ rows_of_this_run(source(source_name, object)) }}
{%- endmacro %}


{# Incremental strategy: replaces all rows of this run's authorities and extract, so that a drop that is loaded again,
   out of order or after a gap gives the same table, and the rows of other authorities stay. #}
{% macro get_incremental_replace_extract_sql(arg_dict) %}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {{- retyped_columns(arg_dict['target_relation'], arg_dict['temp_relation']) }}
    delete from {{ arg_dict['target_relation'] }} as held
    using {{ source('ingest', 'run') }} as run
    where
        held.la_code = run.la_code
        and held.extract_month = run.extract_month;

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }};
{% endmacro %}


{# Gives each column of a table the type that it has in the new rows: `on_schema_change` only adds columns, and an
   insert would cut a fraction off. #}
{% macro retyped_columns(table, new_rows) %}
    {%- if execute and new_rows is not string -%}
    {%- set types = {} -%}
    {%- for column in adapter.get_columns_in_relation(new_rows) -%}
        {%- do types.update({column.name: column.data_type}) -%}
    {%- endfor -%}
    {%- for column in adapter.get_columns_in_relation(table) if types.get(column.name, column.data_type) != column.data_type %}
    alter table {{ table }} alter column {{ adapter.quote(column.name) }} type {{ types[column.name] }};
    {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{# The same on a query instead of a table made from it, for the stored statements of a month (pipelines/transform). #}
{% macro replace_extract_by_query(relation) %}
    {%- set query = caller() -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for name in get_columns_in_query(query) -%}
            {%- do columns.append({'name': name}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ get_incremental_replace_extract_sql({
        'target_relation': relation,
        'temp_relation': '(' ~ query ~ '\n) as made',
        'dest_columns': columns,
    }) }}
{%- endmacro %}
