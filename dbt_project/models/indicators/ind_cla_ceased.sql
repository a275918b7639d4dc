{% set event = {
    'event_id': 'period_of_care_id',
    'unit_id': "'cla/' || period_of_care_id",
    'row_day': 'state_date',
    'actual_date': 'ceased_date',
    'codes': {'ceased_reason_group': 'ceased_reason_group', 'ceased_reason': 'ceased_reason_code'},
} %}
{% set at_home = "placement_type_code = 'P1' and ceased_date >= " ~ month_start('month') %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

ceased_periods as (
    select *
    from {{ ref('int_ceased_period') }}
),

entered as (
    select distinct
        la_code,
        extract_month,
        child_id,
        period_of_care_id,
        in_care_since
    from {{ ref('int_care_episode') }}
    where period_of_care_id is not null
),

adoptions as (
    select
        *,
        {{ id_order('perm_table_id') }} as id_sort_key
    from {{ ref('fct_adoption') }}
),

entered_by_status as (
    {{ with_legal_status_on('entered', 'in_care_since') }}
),

ceased as (
    {{ in_each_month(
        'ceased_periods',
        is_within('ceased_periods.valid_from', 'ceased_periods.valid_to', 'months.month')
            ~ ' and ceased_periods.ceased_date > months.rolling_year_start'
    ) }}
),

came_back as (
    select
        ceased.la_code,
        ceased.extract_month,
        ceased.month,
        ceased.period_of_care_id,
        min(entered_by_status.in_care_since) as return_date
    from ceased
    inner join entered_by_status
        on
            ceased.la_code = entered_by_status.la_code
            and ceased.extract_month = entered_by_status.extract_month
            and ceased.child_id = entered_by_status.child_id
            and ceased.period_of_care_id <> entered_by_status.period_of_care_id
            and ceased.ceased_date < entered_by_status.in_care_since
            and ceased.month >= entered_by_status.in_care_since
            and not entered_by_status.is_short_break
    group by ceased.la_code, ceased.extract_month, ceased.month, ceased.period_of_care_id
),

placed as (
    {{ with_placement_on('ceased', 'state_date') }}
),

placed_by_team as (
    {{ with_team_on('placed', 'state_date') }}
),

children as (
    select
        placed_by_team.*,
        came_back.return_date
    from placed_by_team
    left join came_back
        on
            placed_by_team.la_code = came_back.la_code
            and placed_by_team.extract_month = came_back.extract_month
            and placed_by_team.month = came_back.month
            and placed_by_team.period_of_care_id = came_back.period_of_care_id
),

adopted as (
    select *
    from children
    where ceased_reason_group = 'adopted'
),

-- of the rows of the period, or else of those without a period, the latest decision; what is dated after the month
-- end is not known in it
adoption_rows as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, month, child_id, period_of_care_id
            order by is_of_no_period asc, decision_date desc nulls last, id_sort_key desc
        ) as precedence
    from (
        select
            adopted.*,
            {% for date in ['decision_date', 'placement_order_date', 'matched_date', 'placed_date'] %}
            case when adoptions.{{ date }} <= adopted.month then adoptions.{{ date }} end as {{ date }},
            {% endfor %}
            adoptions.period_of_care_id is null as is_of_no_period,
            adoptions.id_sort_key
        from adopted
        inner join adoptions
            on
                adopted.la_code = adoptions.la_code
                and adopted.extract_month = adoptions.extract_month
                and adopted.child_id = adoptions.child_id
                and adopted.period_of_care_id = coalesce(adoptions.period_of_care_id, adopted.period_of_care_id)
    ) as dated
),

-- null where a date is missing; a match before the decision or the order took no time
adoption_times as (
    select
        *,
        {{ dbt.datediff('decision_date', 'matched_date', 'day') }} / 30.4375 as months_to_match,
        {{ dbt.datediff('in_care_since', 'placed_date', 'day') }} as days_to_placement,
        {{ dbt.datediff('placement_order_date', 'matched_date', 'day') }} as days_from_order_to_match
    from adoption_rows
    where precedence = 1
),

final as (
    {{ child_rows('children', 'cla_ceased_12_months', **event) }}
    union all
    {{ child_rows('children', 'cla_ceased_adopted', where="ceased_reason_group = 'adopted'", **event) }}
    union all
    {{ child_rows('children', 'cla_ceased_special_guardianship',
        where="ceased_reason_group = 'special_guardianship'", **event) }}
    union all
    {{ child_rows('children', 'cla_ceased_returned_home', where="ceased_reason_group = 'returned_home'", **event) }}
    union all
    {{ child_rows('children', 'cla_ceased_independent', where="ceased_reason_group = 'independent'", **event) }}
    union all
    {{ child_rows('children', 'care_order_at_home_ceased',
        where=at_home ~ " and legal_status_code = 'C2' and age_after_ceasing < 18", **event) }}
    union all
    {{ child_rows('children', 'interim_order_at_home_ceased',
        where=at_home ~ " and legal_status_code = 'C1'", **event) }}
    union all
    {{ child_rows('children', 'cla_returned_within_12_months', 'return_date is not null', "'Did not come back'",
        **dict(event, actual_date='return_date')) }}
    union all
    {{ child_rows('adoption_times', 'adoption_months_decision_to_match',
        where='months_to_match is not null', numerator_value='greatest(0, months_to_match)', **event) }}
    union all
    {{ child_rows('adoption_times', 'adoption_days_entry_to_placement',
        where='days_to_placement >= 0', numerator_value='days_to_placement', **event) }}
    union all
    {{ child_rows('adoption_times', 'adoption_days_order_to_match',
        where='days_from_order_to_match is not null and placed_date is not null',
        numerator_value='greatest(0, days_from_order_to_match)', **event) }}
)

select *
from final
