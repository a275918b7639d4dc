with late as (
    select distinct
        shown.indicator_id || ' ' || shown.comparator || ' from ' || shown.release as found
    from this_partition as shown
    inner join core.dim_month as months
        on shown.month = months.month
    where
        shown.release_rule = 'as_known_then'
        and shown.comparator_period_end is not null
        and coalesce(shown.published_date >= months.extract_date, true)
),

-- the financial year of a month ends on the last day of the month or in the eleven months after it
of_another_year as (
    select distinct
        indicator_id || ' ' || comparator || ' of ' || comparator_year as found
    from this_partition
    where
        comparator_year_rule = 'same_year'
        and (
            comparator_period_end < date '{extract_month}'
            or comparator_period_end >= date '{extract_month}' + interval 12 month
        )
),

of_another_definition as (
    select distinct shown.indicator_id || ' beside ' || shown.measure as found
    from this_partition as shown
    left join seeds.comparator_measure as register
        on
            shown.source_kind = register.source_kind
            and shown.measure = register.measure
            and shown.indicator_id = register.indicator_id
            and register.is_comparable
    where
        shown.comparator_period_end is not null
        and register.indicator_id is null
),

own as (
    select
        indicator_id || ' ' || round(value, 1) || ', published ' || comparator_value as found,
        case unit
            when 'percentage' then abs(difference) > 30
            else greatest(value, comparator_value) > 3 * least(value, comparator_value)
        end as is_far
    from this_partition
    where
        area_type = 'authority'
        and comparator = 'own_published'
        and release_rule = 'as_known_then'
        and comparator_year_rule = 'latest_published_year'
        and years_apart <= 2
        and difference is not null
        and case unit when 'percentage' then denominator else numerator end >= 30
),

-- every area of the release but the authority itself, whose own figure of the year may be known to it
years as (
    select
        indicator_id,
        release,
        period_end,
        value,
        lag(value) over told as value_before,
        lag(period_end) over told as period_before
    from core.fct_published_figure
    where
        (geography_level <> 'local_authority' or geography_code <> '{la_code}')
        and value is not null
    window
        told as (
            partition by indicator_id, publisher, release, geography_level, geography_code
            order by period_end
        )
),

year_pairs as (
    select
        indicator_id || ' of ' || year(period_end) || ' in ' || release as found,
        bool_and(value = value_before) as is_repeated
    from years
    where period_before = period_end - interval 1 year
    group by indicator_id, release, period_end
    having count(*) >= 3
),

releases as (
    select
        publisher,
        release,
        publisher || '/' || regexp_replace(release, '[0-9]+.*$', '') as series,
        list(distinct indicator_id) as indicators,
        max(published_date) as published_date
    from core.fct_comparator
    where
        role = 'value'
        and is_comparable
    group by publisher, release
),

successions as (
    select
        release,
        indicators,
        row_number() over (partition by series order by published_date desc nulls first, release desc) as newest_first,
        lead(release) over (partition by series order by published_date desc nulls first, release desc)
            as release_before,
        lead(indicators) over (partition by series order by published_date desc nulls first, release desc)
            as indicators_before
    from releases
),

no_longer_told as (
    select
        release || ' has no ' || unnest(
            list_sort(list_filter(indicators_before, lambda one: not list_contains(indicators, one)))
        ) as found
    from successions
    where newest_first = 1
)

select
    (select count(*) from late) as comparators_from_after_the_extract,
    (select string_agg(found, ', ' order by found) from late) as comparators_from_after_the_extract_detail,
    (select count(*) from of_another_year) as comparators_of_another_year,
    (select string_agg(found, ', ' order by found) from of_another_year) as comparators_of_another_year_detail,
    (select count(*) from of_another_definition) as comparators_of_another_definition,
    (
        select string_agg(found, ', ' order by found)
        from of_another_definition
    ) as comparators_of_another_definition_detail,
    (select case when count(*) > 0 then count(*) filter (where is_far) end from own)
        as figures_far_from_own_published,
    (select string_agg(found, ', ' order by found) filter (where is_far) from own)
        as figures_far_from_own_published_detail,
    (select case when count(*) > 0 then count(*) filter (where is_repeated) end from year_pairs)
        as comparators_repeated,
    (select string_agg(found, ', ' order by found) filter (where is_repeated) from year_pairs)
        as comparators_repeated_detail,
    (
        select case when max(newest_first) > 1 then (select count(*) from no_longer_told) end
        from successions
    ) as comparators_no_longer_told,
    (select string_agg(found, ', ' order by found) from no_longer_told) as comparators_no_longer_told_detail
