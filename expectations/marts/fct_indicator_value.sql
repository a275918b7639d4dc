with register as (
    select
        indicator_id,
        unit,
        period,
        has_team_rows
    from seeds.indicator_register
),

authority_rows as (
    select figures.*
    from this_partition as figures
    where figures.area_type = 'authority'
),

missing as (
    select register.indicator_id
    from register
    left join authority_rows
        on
            register.indicator_id = authority_rows.indicator_id
            and authority_rows.month = date '{extract_month}'
            and authority_rows.basis = 'as_reported'
    where authority_rows.indicator_id is null
),

parts as (
    select
        indicator_id,
        month,
        area_type,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from this_partition
    where area_type <> 'authority'
    group by indicator_id, month, area_type
),

not_adding_up as (
    select
        kinds.area_type,
        authority_rows.indicator_id,
        strftime(authority_rows.month, '%Y-%m') as month_name
    from authority_rows
    inner join register
        on authority_rows.indicator_id = register.indicator_id
    cross join (values ('team'), ('locality')) as kinds (area_type)
    left join parts
        on
            authority_rows.indicator_id = parts.indicator_id
            and authority_rows.month = parts.month
            and kinds.area_type = parts.area_type
    where
        register.has_team_rows
        and register.unit in ('number', 'percentage')
        and (
            coalesce(authority_rows.numerator, 0) <> coalesce(parts.numerator, 0)
            or coalesce(authority_rows.denominator, 0) <> coalesce(parts.denominator, 0)
        )
),

changes as (
    select
        -- work that is late can pile up in a month: it is judged as events are
        case
            when register.period = 'month_end' and register.indicator_id <> 'cla_reviews_overdue' then 'month_end'
            else 'events'
        end as kind,
        present.indicator_id,
        present.numerator as count_now,
        past.numerator as count_before
    from authority_rows as present
    inner join register
        on
            present.indicator_id = register.indicator_id
            and register.unit = 'number'
    inner join indicators.fct_indicator_value as past
        on
            present.la_code = past.la_code
            and present.indicator_id = past.indicator_id
            and past.area_type = 'authority'
            and past.basis = 'as_reported'
            and past.month = date '{last_month_end}'
    where
        present.month = date '{extract_month}'
        and present.basis = 'as_reported'
        and present.numerator is not null
        and past.numerator is not null
),

judged_changes as (
    select
        kind,
        indicator_id || ' ' || count_now || ' after ' || count_before as found,
        abs(count_now - count_before) > 30
        and case
            when kind = 'month_end' then abs(count_now - count_before) > 0.25 * count_before
            else count_now > 3 * count_before or 3 * count_now < count_before
        end as is_out_of_range
    from changes
),

percentages as (
    select
        this_partition.indicator_id,
        this_partition.area_name,
        this_partition.numerator,
        this_partition.denominator
    from this_partition
    inner join register
        on this_partition.indicator_id = register.indicator_id
    where
        register.unit = 'percentage'
        and this_partition.area_type = 'team'
        and this_partition.month = date '{extract_month}'
        and this_partition.basis = 'as_reported'
        and this_partition.denominator >= 20
        and this_partition.numerator between 1 and this_partition.denominator - 1
),

-- two indicators that agree in every team they share, in three teams or more that are large enough to differ
copies as (
    select
        one.indicator_id || ' and ' || other.indicator_id as pair
    from percentages as one
    inner join percentages as other
        on
            one.area_name = other.area_name
            and one.denominator = other.denominator
            and one.indicator_id < other.indicator_id
    group by one.indicator_id, other.indicator_id
    having count(*) >= 3 and count(*) = count(*) filter (where one.numerator = other.numerator)
)

select
    (select count(*) from copies) as copied_percentages,
    (
        select string_agg(pair, ', ' order by pair)
        from copies
    ) as copied_percentages_detail,
    (select count(*) from missing) as indicators_without_authority_row,
    (
        select string_agg(indicator_id, ', ' order by indicator_id)
        from missing
    ) as indicators_without_authority_row_detail,
    (select count(*) from not_adding_up where area_type = 'team') as teams_not_adding_up,
    (
        select string_agg(indicator_id || ' ' || month_name, ', ' order by indicator_id, month_name)
        from not_adding_up
        where area_type = 'team'
    ) as teams_not_adding_up_detail,
    (select count(*) from not_adding_up where area_type = 'locality') as localities_not_adding_up,
    (
        select string_agg(indicator_id || ' ' || month_name, ', ' order by indicator_id, month_name)
        from not_adding_up
        where area_type = 'locality'
    ) as localities_not_adding_up_detail,
    (
        select case when count(*) > 0 then count(*) filter (where is_out_of_range) end
        from judged_changes
        where kind = 'month_end'
    ) as counts_out_of_range,
    (
        select string_agg(found, ', ' order by found)
        from judged_changes
        where kind = 'month_end' and is_out_of_range
    ) as counts_out_of_range_detail,
    (
        select case when count(*) > 0 then count(*) filter (where is_out_of_range) end
        from judged_changes
        where kind = 'events'
    ) as event_counts_out_of_range,
    (
        select string_agg(found, ', ' order by found)
        from judged_changes
        where kind = 'events' and is_out_of_range
    ) as event_counts_out_of_range_detail
