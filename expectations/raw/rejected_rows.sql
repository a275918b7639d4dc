with kept as (
    select
        object,
        count(*) as kept_rows
    from this_partition
    group by object
)

select
    count(*) as files_with_lost_rejects,
    string_agg(
        loaded_files.file || ' ' || coalesce(kept.kept_rows, 0) || ' of ' || loaded_files.rows_rejected,
        ', ' order by loaded_files.file
    ) as files_with_lost_rejects_detail
from loaded_files
left join kept
    on loaded_files.object = kept.object
where loaded_files.rows_rejected <> coalesce(kept.kept_rows, 0)
