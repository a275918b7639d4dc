{% set first_day = add_days('months.rolling_year_start', 1) %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

-- the team is that of another day in some of the figures
missing_episodes as (
    select
        la_code,
        extract_month,
        child_id,
        missing_episode_id,
        start_date,
        end_date,
        interview_offered_code = 'Y' as is_interview_offered,
        interview_offered_code = 'Y' and interview_accepted_code = 'Y' as is_interview_accepted
    from {{ ref('fct_missing') }}
    where episode_type_code = 'M' and is_looked_after_on_start
),

looked_after as (
    select *
    from {{ ref('int_looked_after_spell') }}
),

started as (
    {{ in_each_month('missing_episodes', 'missing_episodes.start_date between months.month_start and months.month') }}
),

started_by_team as (
    {{ with_team_on('started', 'start_date') }}
),

children as (
    select
        la_code,
        extract_month,
        month,
        child_id,
        min(start_date) as start_date
    from started
    group by la_code, extract_month, month, child_id
),

children_by_team as (
    {{ with_team_on('children', 'start_date') }}
),

ended as (
    {{ in_each_month('missing_episodes', 'missing_episodes.end_date between months.month_start and months.month') }}
),

ended_by_team as (
    {{ with_team_on('ended', 'end_date') }}
),

looked_after_in_year as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        looked_after.child_id,
        max(least({{ day_before('looked_after.valid_to') }}, months.month)) as last_day
    from months
    inner join looked_after
        on
            months.la_code = looked_after.la_code
            and months.extract_month = looked_after.extract_month
            and looked_after.valid_from <= months.month
            and looked_after.valid_to > {{ first_day }}
    group by months.la_code, months.extract_month, months.month, looked_after.child_id
),

-- episodes with a day in the year; of one that began before it, the first day of the year is asked
missing_in_year as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        missing_episodes.child_id,
        greatest(missing_episodes.start_date, {{ first_day }}) as missing_date
    from months
    inner join missing_episodes
        on
            months.la_code = missing_episodes.la_code
            and months.extract_month = missing_episodes.extract_month
            and missing_episodes.start_date <= months.month
            and (missing_episodes.end_date is null or missing_episodes.end_date >= {{ first_day }})
),

missing_from_care as (
    select
        missing_in_year.la_code,
        missing_in_year.extract_month,
        missing_in_year.month,
        missing_in_year.child_id,
        max(missing_in_year.missing_date) as missing_date
    from missing_in_year
    inner join looked_after
        on
            missing_in_year.la_code = looked_after.la_code
            and missing_in_year.extract_month = looked_after.extract_month
            and missing_in_year.child_id = looked_after.child_id
            and {{ is_within('looked_after.valid_from', 'looked_after.valid_to', 'missing_in_year.missing_date') }}
    group by
        missing_in_year.la_code, missing_in_year.extract_month, missing_in_year.month, missing_in_year.child_id
),

children_of_year as (
    select
        looked_after_in_year.*,
        missing_from_care.missing_date
    from looked_after_in_year
    left join missing_from_care
        on
            looked_after_in_year.la_code = missing_from_care.la_code
            and looked_after_in_year.extract_month = missing_from_care.extract_month
            and looked_after_in_year.month = missing_from_care.month
            and looked_after_in_year.child_id = missing_from_care.child_id
),

children_of_year_by_team as (
    {{ with_team_on('children_of_year', 'last_day') }}
),

final as (
    {{ child_rows(
        'started_by_team', 'cla_missing_episodes',
        event_id='missing_episode_id',
        actual_date='start_date',
        row_day='start_date'
    ) }}
    union all
    {{ child_rows('children_by_team', 'cla_missing_children', actual_date='start_date', row_day='start_date') }}
    union all
    {{ child_rows(
        'children_of_year_by_team', 'cla_missing_12_months',
        is_in_numerator='missing_date is not null',
        reason="'Did not go missing'",
        actual_date='missing_date',
        row_day='last_day'
    ) }}
    union all
    {{ child_rows(
        'ended_by_team', 'return_interview_offered',
        is_in_numerator='is_interview_offered',
        reason="'Not offered'",
        event_id='missing_episode_id',
        actual_date='end_date',
        row_day='end_date'
    ) }}
    union all
    {{ child_rows(
        'ended_by_team', 'return_interview_accepted',
        is_in_numerator='is_interview_accepted',
        reason="case when is_interview_offered then 'Offered and not accepted' else 'Not offered' end",
        event_id='missing_episode_id',
        actual_date='end_date',
        row_day='end_date'
    ) }}
)

select *
from final
