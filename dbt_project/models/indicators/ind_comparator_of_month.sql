-- Chooses the published figure that a month is compared with: its year and its release.
{% set release_rules = {
    'as_known_then': 'figures.published_date < months.extract_date',
    'latest': 'figures.is_latest',
} %}

with figures as (
    select *
    from {{ ref('fct_comparator_figure') }}
    where {{ is_usable_figure() }}
),

reported_months as (
    select distinct
        la_code,
        month
    from {{ ref('fct_indicator_value') }}
    where basis = 'as_reported'
),

months as (
    select
        reported_months.la_code,
        reported_months.month,
        dim_month.extract_date,
        {{ day_before(add_months('dim_month.financial_year_start', 12)) }} as year_end
    from reported_months
    inner join {{ ref('dim_month') }} as dim_month
        on reported_months.month = dim_month.month
),

-- for each year the figure of the newest release that has it
candidates as (
    {% for rule, is_known in release_rules.items() %}
    select
        months.month,
        months.year_end,
        '{{ rule }}' as release_rule,
        figures.*,
        row_number() over (
            partition by
                months.la_code,
                months.month,
                figures.indicator_id,
                figures.dimension,
                figures.code,
                figures.comparator,
                figures.period_end
            order by {{ newest_release_first() }}
        ) as precedence
    from months
    inner join figures
        on
            months.la_code = figures.la_code
            and months.year_end >= figures.period_end
            and {{ is_known }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

known as (
    select
        *,
        row_number() over (
            partition by la_code, month, release_rule, indicator_id, dimension, code, comparator
            order by case when value is null then 1 else 0 end asc, period_end desc
        ) as newest_year_first
    from candidates
    where precedence = 1
),

chosen as (
    select
        'same_year' as comparator_year_rule,
        known.*
    from known
    where known.period_end = known.year_end
    union all
    select
        'latest_published_year' as comparator_year_rule,
        known.*
    from known
    where
        known.newest_year_first = 1
        and known.value is not null
),

final as (
    select
        *,
        cast(year(period_end) - 1 as varchar) || '/' || right(cast(year(period_end) as varchar), 2) as comparator_year,
        cast(year(year_end) - year(period_end) as integer) as years_apart
    from chosen
)

select *
from final
