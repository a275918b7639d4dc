with children as (
    select *
    from {{ ref('int_looked_after_month_end') }}
),

children_by_team as (
    {{ with_team_on('children', 'month') }}
),

final as (
    {{ child_rows(
        'children_by_team', 'children_looked_after',
        actual_date='entered_care_date',
        codes={
            'need': 'primary_need_code',
            'time_in_care_band': duration_band('in_care_since', 'month', [
                (6, 'under_6_months'), (12, '6_12_months'), (24, '1_2_years'), (60, '2_5_years'),
            ], 'over_5_years'),
        }
    ) }}
    union all
    {{ child_rows('children_by_team', 'children_looked_after_rate', actual_date='entered_care_date') }}
)

select *
from final
