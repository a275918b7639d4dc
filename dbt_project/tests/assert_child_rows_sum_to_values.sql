-- Fails with every value of the extract of this run that differs from the sum of its child rows. Restated months are
-- checked only for the newest extract of an authority: older ones keep no child rows of them.
with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

newest as (
    select
        la_code,
        max(extract_month) as extract_month
    from {{ ref('fct_indicator_value') }}
    group by la_code
),

indicator_values as (
    select fct_indicator_value.*
    from {{ ref('fct_indicator_value') }} as fct_indicator_value
    inner join months
        on
            fct_indicator_value.la_code = months.la_code
            and fct_indicator_value.extract_month = months.extract_month
            and fct_indicator_value.month = months.month
    inner join newest
        on fct_indicator_value.la_code = newest.la_code
    where
        fct_indicator_value.numerator is not null
        and (
            fct_indicator_value.month = fct_indicator_value.extract_month
            or fct_indicator_value.extract_month = newest.extract_month
        )
),

child_rows as (
    select *
    from {{ ref('fct_indicator_child') }}
),

sums as (
    {{ totals_by_area(
        'child_rows',
        keys=['indicator_id', 'la_code', 'month', 'extract_month'],
        totals={'numerator': sum_of_values('numerator_value'), 'denominator': sum_of_values('denominator_value')},
    ) }}
)

select
    indicator_values.*,
    sums.numerator as summed_numerator,
    sums.denominator as summed_denominator
from indicator_values
left join sums
    on
        indicator_values.indicator_id = sums.indicator_id
        and indicator_values.la_code = sums.la_code
        and indicator_values.month = sums.month
        and indicator_values.extract_month = sums.extract_month
        and indicator_values.area_type = sums.area_type
        and {{ area_key('indicator_values') }} = {{ area_key('sums') }}
where
    indicator_values.numerator <> coalesce(sums.numerator, 0)
    or (
        indicator_values.unit <> 'rate_per_10000'
        and indicator_values.denominator is distinct from case
            when indicator_values.unit <> 'number' then coalesce(sums.denominator, 0)
        end
    )
