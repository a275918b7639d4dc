with without_signal as (
    select figures.indicator_id
    from indicators.fct_indicator_value as figures
    left join this_partition as signals
        on
            figures.indicator_id = signals.indicator_id
            and figures.area_type = signals.area_type
            and figures.area_name = signals.area_name
            and figures.month = signals.month
    where
        figures.la_code = '{la_code}'
        and figures.extract_month = date '{extract_month}'
        and figures.basis = 'as_reported'
        and figures.value is not null
        and signals.indicator_id is null
),

charted as (
    select
        indicator_id,
        signal = 'special_cause' as is_special
    from this_partition
    where
        area_type = 'authority'
        and signal in ('special_cause', 'common_variation')
)

select
    (select count(*) from without_signal) as figures_without_signal,
    (
        select string_agg(distinct indicator_id, ', ' order by indicator_id)
        from without_signal
    ) as figures_without_signal_detail,
    (
        select case when count(*) >= 10 then 100.0 * count(*) filter (where is_special) / count(*) end
        from charted
    ) as percent_of_indicators_special,
    (
        select string_agg(indicator_id, ', ' order by indicator_id)
        from charted
        where is_special
    ) as percent_of_indicators_special_detail
