with looked_after as (
    select
        children.*,
        months.rolling_year_start
    from {{ ref('int_looked_after_month_end') }} as children
    inner join {{ ref('int_reporting_month') }} as months
        on
            children.la_code = months.la_code
            and children.extract_month = months.extract_month
            and children.month = months.month
),

placements as (
    select *
    from {{ ref('fct_placement') }}
    -- a placement that starts and ends on one day has no day
    where end_date is null or end_date > start_date
),

placements_in_year as (
    select
        looked_after.la_code,
        looked_after.extract_month,
        looked_after.month,
        looked_after.child_id,
        count(
            case
                when
                    not placements.is_temporary
                    and (
                        placements.end_date is null
                        -- its last day is later than the same day a year ago
                        or placements.end_date > {{ add_days('looked_after.rolling_year_start', 1) }}
                    )
                    then 1
            end
        ) as placement_count,
        min(
            case
                when {{ is_open_on('placements.start_date', 'placements.end_date', 'looked_after.month') }}
                    then placements.start_date
            end
        ) as open_start_date,
        -- placed for adoption: the stay goes on from the placement before
        min(
            case
                when
                    placements.is_adoptive
                    and {{ is_open_on('placements.start_date', 'placements.end_date', 'looked_after.month') }}
                    then placements.preceding_start_date
            end
        ) as continued_start_date
    from looked_after
    inner join placements
        on
            looked_after.la_code = placements.la_code
            and looked_after.extract_month = placements.extract_month
            and looked_after.child_id = placements.child_id
            and placements.start_date <= looked_after.month
    group by looked_after.la_code, looked_after.extract_month, looked_after.month, looked_after.child_id
),

children as (
    select
        looked_after.*,
        coalesce(placements_in_year.placement_count, 0) as placement_count,
        placements_in_year.open_start_date,
        placements_in_year.continued_start_date
    from looked_after
    left join placements_in_year
        on
            looked_after.la_code = placements_in_year.la_code
            and looked_after.extract_month = placements_in_year.extract_month
            and looked_after.month = placements_in_year.month
            and looked_after.child_id = placements_in_year.child_id
),

children_by_team as (
    {{ with_team_on('children', 'month') }}
),

children_with_parameters as (
    {{ with_parameters('children_by_team', 'month', [
        'age_without_long_term_stability', 'months_in_care_before_stability', 'years_in_placement',
    ]) }}
),

long_stayers as (
    select *
    from children_with_parameters
    where
        age < age_without_long_term_stability
        and {{ add_months('coalesce(entered_care_date, entered_care_by)', 'months_in_care_before_stability') }} <= month
),

final as (
    {{ child_rows(
        'children_by_team', 'cla_three_or_more_placements',
        is_in_numerator='placement_count >= 3',
        reason="'Fewer than three placements in 12 months'"
    ) }}
    union all
    {{ child_rows(
        'long_stayers', 'cla_long_term_stability',
        is_in_numerator="coalesce(" ~ add_months('open_start_date', '12 * years_in_placement') ~ " <= month, false)
            or coalesce(continued_start_date <= " ~ add_months('month', '-12 * years_in_placement') ~ ", false)",
        reason="case
            when open_start_date is null then 'No placement open'
            else 'In the placement for less than {years_in_placement} years'
        end",
        actual_date='coalesce(continued_start_date, open_start_date)'
    ) }}
)

select *
from final
