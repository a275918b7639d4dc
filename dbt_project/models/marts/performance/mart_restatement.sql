{% set causes = ['late_recording', 'correction', 'withdrawal', 'overwritten', 'other'] %}
{% set totals = {} %}
{% for part in ['numerator', 'denominator'] %}
{% for cause in causes %}
{% do totals.update({
    part ~ '_' ~ cause: sum_of_values("case when cause = '" ~ cause ~ "' then " ~ part ~ "_change else 0 end")
}) %}
{% endfor %}
{% endfor %}

with indicator_values as (
    select *
    from {{ ref('fct_indicator_value') }}
),

changes as (
    select *
    from {{ ref('fct_indicator_restatement') }}
),

newest_extracts as (
    select
        la_code,
        max(extract_month) as newest_extract_month
    from indicator_values
    group by la_code
),

layouts as (
    {{ layouts_of_extracts('indicator_values') }}
),

not_given as (
    {{ figures_not_given('indicator_values') }}
),

-- the newest extract that computed the month again
restated_extracts as (
    select
        la_code,
        month,
        max(extract_month) as extract_month
    from indicator_values
    where extract_month > month
    group by la_code, month
),

reported as (
    select indicator_values.*
    from indicator_values
    inner join restated_extracts
        on
            indicator_values.la_code = restated_extracts.la_code
            and indicator_values.month = restated_extracts.month
    where indicator_values.basis = 'as_reported'
),

months_reported as (
    select distinct
        la_code,
        month
    from reported
),

restated as (
    select indicator_values.*
    from indicator_values
    inner join restated_extracts
        on
            indicator_values.la_code = restated_extracts.la_code
            and indicator_values.month = restated_extracts.month
            and indicator_values.extract_month = restated_extracts.extract_month
    inner join months_reported
        on
            indicator_values.la_code = months_reported.la_code
            and indicator_values.month = months_reported.month
),

-- a team with a count of 0 has no row
compared as (
    select
        coalesce(restated.indicator_id, reported.indicator_id) as indicator_id,
        coalesce(restated.la_code, reported.la_code) as la_code,
        coalesce(restated.area_type, reported.area_type) as area_type,
        coalesce(restated.area_name, reported.area_name) as area_name,
        coalesce(restated.month, reported.month) as month,
        coalesce(restated.unit, reported.unit) as unit,
        reported.indicator_id is not null as is_reported,
        case when reported.indicator_id is null then 0 else reported.numerator end as reported_numerator,
        case
            when reported.indicator_id is not null then reported.denominator
            when restated.denominator is not null then 0
        end as reported_denominator,
        case
            when reported.indicator_id is null and restated.unit = 'number' then 0 else reported.value
        end as reported_value,
        case when restated.indicator_id is null then 0 else restated.numerator end as restated_numerator,
        case
            when restated.indicator_id is not null then restated.denominator
            when reported.denominator is not null then 0
        end as restated_denominator,
        case
            when restated.indicator_id is null and reported.unit = 'number' then 0 else restated.value
        end as restated_value
    from reported
    full outer join restated
        on
            reported.indicator_id = restated.indicator_id
            and reported.la_code = restated.la_code
            and reported.area_type = restated.area_type
            and reported.area_name = restated.area_name
            and reported.month = restated.month
),

-- a difference between two layouts is not a restatement: both are named, and nothing is subtracted
compared_by_layout as (
    select
        compared.*,
        layouts_then.source_layout as reported_source_layout,
        layouts_now.source_layout as restated_source_layout,
        layouts_then.source_layout = layouts_now.source_layout as is_one_layout
    from compared
    inner join restated_extracts
        on
            compared.la_code = restated_extracts.la_code
            and compared.month = restated_extracts.month
    {{ join_then_and_now('inner', 'layouts', 'compared', 'restated_extracts.extract_month', ['la_code']) }}
),

changes_by_area as (
    {{ totals_by_area('changes', keys=['indicator_id', 'la_code', 'month'], totals=totals) }}
),

final as (
    select
        compared.indicator_id,
        compared.la_code,
        compared.area_type,
        compared.area_name,
        compared.month,
        restated_extracts.extract_month as restated_extract_month,
        compared.unit,
        compared.reported_numerator,
        compared.reported_denominator,
        compared.reported_value,
        compared.restated_numerator,
        compared.restated_denominator,
        compared.restated_value,
        {% for part in ['numerator', 'denominator'] %}
        {% for cause in causes %}
        -- known for the months of the newest extract, whose child rows are kept; the denominator of a rate is
        -- the population
        case
            when
                restated_extracts.extract_month = newest_extracts.newest_extract_month
                and compared.is_one_layout
                {{ "and compared.unit not in ('number', 'rate_per_10000')" if part == 'denominator' }}
                then coalesce(changes_by_area.{{ part }}_{{ cause }}, 0)
        end as {{ part }}_{{ cause }},
        {% endfor %}
        {% endfor %}
        case when compared.is_one_layout then compared.restated_value - compared.reported_value end as value_change,
        compared.reported_source_layout,
        compared.restated_source_layout
    from compared_by_layout as compared
    inner join restated_extracts
        on
            compared.la_code = restated_extracts.la_code
            and compared.month = restated_extracts.month
    inner join newest_extracts
        on compared.la_code = newest_extracts.la_code
    left join changes_by_area
        on
            compared.indicator_id = changes_by_area.indicator_id
            and compared.la_code = changes_by_area.la_code
            and compared.month = changes_by_area.month
            and compared.area_type = changes_by_area.area_type
            and {{ area_key('compared') }} = {{ area_key('changes_by_area') }}
    {{ join_then_and_now(
        'left', 'not_given', 'compared', 'restated_extracts.extract_month', ['indicator_id', 'la_code', 'month']
    ) }}
    where
        (compared.area_type = 'authority' and compared.is_reported)
        or (not_given_then.indicator_id is null and not_given_now.indicator_id is null)
)

select *
from final
