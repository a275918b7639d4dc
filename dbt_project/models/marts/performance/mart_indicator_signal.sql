-- Chart of individuals and moving ranges (XmR). The baseline of a month is the year up to it and the same month of the
-- year before, or the part of it since the definition last changed.
{% set points_of_baseline = 13 %}
{% set fewest_points = 12 %}
{% set ranges_to_limit = 2.66 %}
{% set points_of_shift = 7 %}
{% set points_of_trend = 6 %}
{% set sides = {'higher': '', 'lower': '-'} %}
-- smaller differences come from the arithmetic of doubles only
{% set nothing = '0.000000001' %}

with reported as (
    select *
    from {{ ref('fct_indicator_value') }}
    where
        basis = 'as_reported'
        and value is not null
),

register as (
    select *
    from {{ ref('indicator_register') }}
),

parameters as (
    select
        indicator_id,
        parameter,
        first_month_used,
        coalesce(la_code, '') as la_code
    from {{ ref('indicator_parameter') }}
),

first_own_numbers as (
    select
        la_code,
        indicator_id,
        parameter,
        min(first_month_used) as first_month_used
    from parameters
    where la_code <> ''
    group by la_code, indicator_id, parameter
),

-- an authority's own number replaces that of all authorities from its first month on
definition_changes as (
    select
        authorities.la_code,
        parameters.indicator_id,
        parameters.first_month_used
    from (
        select distinct
            la_code,
            indicator_id
        from reported
    ) as authorities
    inner join parameters
        on
            authorities.indicator_id = parameters.indicator_id
            and parameters.la_code = ''
    left join first_own_numbers
        on
            authorities.la_code = first_own_numbers.la_code
            and parameters.indicator_id = first_own_numbers.indicator_id
            and parameters.parameter = first_own_numbers.parameter
    where parameters.first_month_used < coalesce(first_own_numbers.first_month_used, {{ end_of_time() }})
    union
    select
        la_code,
        indicator_id,
        first_month_used
    from parameters
    where la_code <> ''
),

teams as (
    select *
    from {{ ref('dim_team') }}
),

area_names as (
    {% for area_type in ['locality', 'team'] %}
    select
        la_code,
        extract_month,
        '{{ area_type }}' as area_type,
        {{ area_type }}_name as area_name
    from teams
    union
    select
        la_code,
        extract_month,
        '{{ area_type }}' as area_type,
        'Not allocated' as area_name
    from teams
    {{ "union" if not loop.last }}
    {% endfor %}
),

series_of_counts as (
    select
        indicator_id,
        la_code,
        area_type,
        area_name,
        unit,
        min(month) as first_month
    from reported
    where unit = 'number' and area_type <> 'authority'
    group by indicator_id, la_code, area_type, area_name, unit
),

-- a team with a count of 0 has no row: add it where the month was counted and the team is listed
zero_counts as (
    select
        series.indicator_id,
        series.la_code,
        series.area_type,
        series.area_name,
        counted.month,
        counted.extract_month,
        cast(0 as double) as numerator,
        cast(null as double) as denominator,
        cast(0 as double) as value,
        series.unit
    from series_of_counts as series
    inner join reported as counted
        on
            series.indicator_id = counted.indicator_id
            and series.la_code = counted.la_code
            and series.first_month < counted.month
            and counted.area_type = 'authority'
    inner join area_names
        on
            series.la_code = area_names.la_code
            and series.area_type = area_names.area_type
            and series.area_name = area_names.area_name
            and counted.extract_month = area_names.extract_month
    left join reported as present
        on
            series.indicator_id = present.indicator_id
            and series.la_code = present.la_code
            and series.area_type = present.area_type
            and series.area_name = present.area_name
            and counted.month = present.month
    where present.indicator_id is null
),

points as (
    select
        indicator_id,
        la_code,
        area_type,
        area_name,
        month,
        extract_month,
        numerator,
        denominator,
        value,
        unit
    from reported
    union all
    select * from zero_counts
),

points_of_definition as (
    select
        points.indicator_id,
        points.la_code,
        points.area_type,
        points.area_name,
        points.month,
        points.extract_month,
        points.numerator,
        points.denominator,
        points.value,
        points.unit,
        coalesce(max(definition_changes.first_month_used), date '1900-01-01') as defined_from
    from points
    left join definition_changes
        on
            points.indicator_id = definition_changes.indicator_id
            and points.la_code = definition_changes.la_code
            and points.month >= definition_changes.first_month_used
    group by
        points.indicator_id, points.la_code, points.area_type, points.area_name, points.month, points.extract_month,
        points.numerator, points.denominator, points.value, points.unit
),

-- a month without a figure is skipped: the step goes from the month before it to the month after
numbered as (
    select
        points_of_definition.*,
        register.indicator_name,
        register.period,
        register.polarity,
        register.starts_again_in_april,
        row_number() over series as point_number,
        points_of_definition.value - lag(points_of_definition.value) over series as step
    from points_of_definition
    inner join register
        on points_of_definition.indicator_id = register.indicator_id
    window series as (
        partition by
            points_of_definition.indicator_id,
            points_of_definition.la_code,
            points_of_definition.area_type,
            points_of_definition.area_name,
            points_of_definition.defined_from
        order by points_of_definition.month
    )
),

charted as (
    select
        *,
        first_value(month) over baseline as baseline_from,
        count(*) over baseline as points,
        avg(value) over baseline as centre,
        avg(abs(step)) over ranges as mean_moving_range
    from numbered
    window
        baseline as (
            partition by indicator_id, la_code, area_type, area_name, defined_from
            order by month
            rows between {{ points_of_baseline - 1 }} preceding and current row
        ),
        ranges as (
            partition by indicator_id, la_code, area_type, area_name, defined_from
            order by month
            rows between {{ points_of_baseline - 2 }} preceding and current row
        )
),

judgeable as (
    select
        *,
        {{ ranges_to_limit }} * mean_moving_range as reach
    from charted
    where
        not starts_again_in_april
        and points >= {{ fewest_points }}
),

-- the last points of the baseline, with the number of points between
looked_back as (
    select
        judgeable.indicator_id,
        judgeable.la_code,
        judgeable.area_type,
        judgeable.area_name,
        judgeable.month,
        judgeable.reach,
        judgeable.value - judgeable.centre as distance,
        earlier.value - judgeable.centre as earlier_distance,
        earlier.step as earlier_step,
        judgeable.point_number - earlier.point_number as points_back
    from judgeable
    inner join numbered as earlier
        on
            judgeable.indicator_id = earlier.indicator_id
            and judgeable.la_code = earlier.la_code
            and judgeable.area_type = earlier.area_type
            and judgeable.area_name = earlier.area_name
            and judgeable.defined_from = earlier.defined_from
            and earlier.point_number between judgeable.point_number - {{ points_of_shift - 1 }}
            and judgeable.point_number
),

ruled as (
    select
        indicator_id,
        la_code,
        area_type,
        area_name,
        month,
        case
            {% for side, sign in sides.items() %}
            when bool_or({{ sign }}distance > reach + {{ nothing }}) then 'outside_limits {{ side }}'
            {% endfor %}
            {% for side, sign in sides.items() %}
            when bool_and({{ sign }}earlier_distance > {{ nothing }}) then 'shift {{ side }}'
            {% endfor %}
            {% for side, sign in sides.items() %}
            when
                count(*) filter (
                    where points_back < {{ points_of_trend - 1 }} and {{ sign }}earlier_step > {{ nothing }}
                ) = {{ points_of_trend - 1 }}
                then 'trend {{ side }}'
            {% endfor %}
            {% for side, sign in sides.items() %}
            when
                bool_or({{ sign }}distance > reach * 2 / 3 + {{ nothing }})
                and count(*) filter (
                    where points_back < 3 and {{ sign }}earlier_distance > reach * 2 / 3 + {{ nothing }}
                ) >= 2
                then 'two_of_three {{ side }}'
            {% endfor %}
        end as found
    from looked_back
    group by indicator_id, la_code, area_type, area_name, month
),

judged as (
    select
        charted.*,
        case
            when charted.starts_again_in_april then 'not_applicable'
            when charted.points < {{ fewest_points }} then 'too_few_points'
            when ruled.found is not null then 'special_cause'
            else 'common_variation'
        end as signal,
        split_part(ruled.found, ' ', 1) as rule,
        split_part(ruled.found, ' ', 2) as direction
    from charted
    left join ruled
        on
            charted.indicator_id = ruled.indicator_id
            and charted.la_code = ruled.la_code
            and charted.area_type = ruled.area_type
            and charted.area_name = ruled.area_name
            and charted.month = ruled.month
),

final as (
    select
        indicator_id,
        indicator_name,
        la_code,
        area_type,
        area_name,
        month,
        extract_month,
        unit,
        period,
        value,
        cast(case when not starts_again_in_april then points end as integer) as points,
        case when not starts_again_in_april then baseline_from end as baseline_from,
        case when signal in ('special_cause', 'common_variation') then centre end as centre,
        case
            when signal in ('special_cause', 'common_variation')
                then greatest(centre - {{ ranges_to_limit }} * mean_moving_range, 0)
        end as lower_limit,
        case
            when signal not in ('special_cause', 'common_variation') then null
            when unit = 'percentage' and centre <= 100
                then least(centre + {{ ranges_to_limit }} * mean_moving_range, 100)
            else centre + {{ ranges_to_limit }} * mean_moving_range
        end as upper_limit,
        signal,
        rule,
        direction,
        case
            when direction is null or polarity = 'neither' then null
            else (direction = 'higher') = (polarity = 'higher_is_better')
        end as is_better,
        case when not starts_again_in_april then 'XmR' end as method,
        case when unit = 'percentage' then {{ wilson_limit('numerator', 'denominator', '-') }} end as confidence_low,
        case when unit = 'percentage' then {{ wilson_limit('numerator', 'denominator', '+') }} end as confidence_high,
        case when unit = 'percentage' then 'wilson_95' end as confidence_method
    from judged
)

select *
from final
