{# The version of each list that counts for the extracts of this run: the newest that came in an accepted drop up to
   the extract. A list that comes every month counts for its own month only. #}
{% macro lists_in_force() -%}
    select
        run.la_code,
        run.extract_month,
        versions.object,
        max(versions.extract_month) as list_month
    from {{ source('ingest', 'run') }} as run
    inner join {{ source('ingest', 'list_version') }} as versions
        on
            run.la_code = versions.la_code
            and (
                versions.extract_month = run.extract_month
                or (versions.counts_until_next and versions.extract_month < run.extract_month)
            )
    inner join {{ source('ingest', 'drop') }} as drops
        on
            versions.la_code = drops.la_code
            and versions.extract_month = drops.extract_month
            and drops.is_loaded
            and drops.is_fit is not false
    group by run.la_code, run.extract_month, versions.object
{%- endmacro %}


{# The rows of the version of a list that counts for the extracts of this run. `in_force_month` is the extract. #}
{% macro rows_of_list_in_force(object) -%}
    select
        held.*,
        versions.extract_month as in_force_month
    from {{ source('local', object) }} as held
    inner join ({{ lists_in_force() }}) as versions
        on
            held.la_code = versions.la_code
            and held.extract_month = versions.list_month
    where versions.object = '{{ object }}'
{%- endmacro %}
