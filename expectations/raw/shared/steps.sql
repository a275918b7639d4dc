loaded_drop as (
    select
        la_code,
        extract_month,
        attempted_at
    from raw.drop
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and is_loaded
),

loaded_files as (
    select files.*
    from raw.drop_file as files
    inner join loaded_drop
        on
            files.la_code = loaded_drop.la_code
            and files.extract_month = loaded_drop.extract_month
            and files.attempted_at = loaded_drop.attempted_at
),

last_fit_drops as (
    select
        la_code,
        extract_month,
        attempted_at
    from raw.drop
    where
        la_code = '{la_code}'
        and extract_month < date '{extract_month}'
        and accepted
        and is_loaded
        and is_fit is not false
    order by extract_month desc
    limit 3
),

last_fit_drop as (
    select *
    from last_fit_drops
    order by extract_month desc
    limit 1
),

teams_of_drop as (
    select distinct dept_team_id
    from raw.ssd_department
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
)
