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
            'time_in_care_band': duration_band('time_in_care_band', 'in_care_since', 'month'),
        }
    ) }}
    union all
    {{ child_rows('children_by_team', 'children_looked_after_rate', actual_date='entered_care_date') }}
)

select *
from final
