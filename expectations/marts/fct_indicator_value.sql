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

-- the authority's figures as they were reported, since the indicator's definition last changed
history as (
    select
        figures.indicator_id,
        figures.month,
        figures.unit,
        figures.numerator,
        figures.denominator
    from indicators.fct_indicator_value as figures
    left join (
        select
            indicator_id,
            max(first_month_used) as first_month_used
        from seeds.indicator_parameter
        where first_month_used <= date '{extract_month}'
        group by indicator_id
    ) as definitions
        on figures.indicator_id = definitions.indicator_id
    where
        figures.la_code = '{la_code}'
        and figures.area_type = 'authority'
        and figures.basis = 'as_reported'
        and figures.month <= date '{extract_month}'
        and figures.month > date '{extract_month}' - interval 25 month
        and figures.numerator is not null
        and figures.month >= coalesce(definitions.first_month_used, figures.month)
),

-- on scales on which chance has the same spread everywhere: the square root of a count, the angle of a share
scaled as (
    select
        indicator_id,
        month,
        numerator,
        denominator,
        case unit
            when 'number' then 2 * sqrt(numerator + 0.375)
            else 2 * asin(sqrt((numerator + 0.375) / (denominator + 0.75)))
        end as scaled_value,
        case unit when 'number' then 1 else 1 / (denominator + 0.5) end as variance
    from history
    where
        unit = 'number'
        or (unit = 'percentage' and denominator > 0 and numerator <= denominator)
),

steps as (
    select
        *,
        (scaled_value - lag(scaled_value) over months) / sqrt(variance + lag(variance) over months) as step,
        lag(numerator) over months as numerator_before,
        lag(denominator) over months as denominator_before
    from scaled
    window months as (partition by indicator_id order by month)
),

-- what is usual: the median of the earlier changes, their spread by the median deviation, and never less than chance
usual as (
    select
        indicator_id,
        median(step) as usual_step,
        sqrt(1 + power(1.4826 * mad(step), 2)) as spread
    from steps
    where month < date '{extract_month}'
    group by indicator_id
    having count(step) >= 5
),

distances as (
    select
        steps.indicator_id || ' ' || steps.numerator || coalesce(' of ' || steps.denominator, '') || ' after '
        || steps.numerator_before || coalesce(' of ' || steps.denominator_before, '') || ', distance '
        || round(abs(steps.step - usual.usual_step) / usual.spread, 1) as found,
        abs(steps.step - usual.usual_step) / usual.spread as distance
    from steps
    inner join usual
        on steps.indicator_id = usual.indicator_id
    where
        steps.month = date '{extract_month}'
        and steps.step is not null
),

populations as (
    select
        present.indicator_id || ' ' || present.denominator || ' after ' || past.denominator as found,
        100.0 * abs(present.denominator - past.denominator) / past.denominator as percent
    from history as present
    inner join history as past
        on present.indicator_id = past.indicator_id
    where
        present.unit = 'rate_per_10000'
        and present.month = date '{extract_month}'
        and past.month = date '{last_month_end}'
        and past.denominator > 0
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
    from history as present
    inner join register
        on
            present.indicator_id = register.indicator_id
            and register.unit = 'number'
    inner join history as past
        on
            present.indicator_id = past.indicator_id
            and past.month = date '{last_month_end}'
    left join usual
        on present.indicator_id = usual.indicator_id
    where
        present.month = date '{extract_month}'
        and usual.indicator_id is null
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
    ) as event_counts_out_of_range_detail,
    (select max(distance) from distances) as distance_from_history,
    (
        select string_agg(found, '; ' order by distance desc, found)
        from distances
        where distance > 3
    ) as distance_from_history_detail,
    (select max(percent) from populations) as population_change_percent,
    (
        select string_agg(found, ', ' order by found)
        from populations
        where percent > 5
    ) as population_change_percent_detail
