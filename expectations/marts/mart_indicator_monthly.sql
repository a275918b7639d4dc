with missing as (
    select figures.indicator_id
    from indicators.fct_indicator_value as figures
    left join this_partition as shown
        on
            figures.indicator_id = shown.indicator_id
            and figures.area_type = shown.area_type
            and figures.area_name = shown.area_name
            and figures.month = shown.month
    where
        figures.la_code = '{la_code}'
        and figures.extract_month = date '{extract_month}'
        and shown.indicator_id is null
),

authority_rows as (
    select
        indicator_id,
        month,
        status
    from marts.mart_indicator_monthly
    where
        la_code = '{la_code}'
        and area_type = 'authority'
        and basis = 'as_reported'
        and month in (date '{extract_month}', date '{last_month_end}')
),

gone as (
    select
        present.indicator_id,
        present.status = 'not_available' and past.status = 'shown' as is_gone
    from authority_rows as present
    inner join authority_rows as past
        on present.indicator_id = past.indicator_id
    where
        present.month = date '{extract_month}'
        and past.month = date '{last_month_end}'
)

select
    (select count(*) from missing) as figures_left_out,
    (
        select string_agg(distinct indicator_id, ', ' order by indicator_id)
        from missing
    ) as figures_left_out_detail,
    (select case when count(*) > 0 then count(*) filter (where is_gone) end from gone) as figures_no_longer_shown,
    (
        select string_agg(indicator_id, ', ' order by indicator_id)
        from gone
        where is_gone
    ) as figures_no_longer_shown_detail
