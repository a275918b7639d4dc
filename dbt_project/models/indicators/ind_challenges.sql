{% set subject = {
    'challenge_type': 'challenge_type',
    'context': 'context',
    'challenge_category': 'category_code',
} %}
{% set raised = {
    'event_id': 'challenge_id',
    'actual_date': 'raised_date',
    'row_day': 'raised_date',
    'codes': dict(subject, challenge_impact='impact_code'),
} %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

-- formal ones; those that are informal are case notes
challenges as (
    select
        la_code,
        extract_month,
        child_id,
        challenge_id,
        challenge_type,
        context,
        category_code,
        impact_code,
        raised_date,
        resolved_date,
        resolved_level,
        outcome
    from {{ ref('fct_challenge') }}
    where challenge_type in ('problem_resolution', 'management_alert')
),

with_clocks as (
    {{ with_parameters('challenges', 'raised_date', [
        'days_to_resolve_challenge', 'working_days_to_resolve_challenge',
    ]) }}
),

clocked as (
    {{ with_working_days_after(
        'with_clocks', 'raised_date', 'cohort.working_days_to_resolve_challenge', 'resolve_by_date'
    ) }}
),

raised_in_month as (
    {{ in_each_month('challenges', 'challenges.raised_date between months.month_start and months.month') }}
),

resolved_in_month as (
    {{ in_each_month('challenges', 'challenges.resolved_date between months.month_start and months.month') }}
),

-- while its end is after the month, a challenge is outstanding, and not withdrawn
raised_so_far as (
    select
        months.month,
        months.rolling_year_start,
        clocked.*,
        coalesce(clocked.resolved_date > months.month, true) as is_outstanding
    from months
    inner join clocked
        on
            months.la_code = clocked.la_code
            and months.extract_month = clocked.extract_month
            and months.month >= clocked.raised_date
),

raised_by_team as (
    {{ with_team_on('raised_in_month', 'raised_date') }}
),

resolved_by_team as (
    {{ with_team_on('resolved_in_month', 'resolved_date') }}
),

outstanding as (
    select
        *,
        {{ add_days('raised_date', 'cast(days_to_resolve_challenge as integer)') }} as last_day_in_time
    from raised_so_far
    where is_outstanding
),

outstanding_by_team as (
    {{ with_team_on('outstanding', 'month') }}
),

of_the_year as (
    select *
    from raised_so_far
    where
        raised_date > rolling_year_start
        and resolve_by_date <= month
        and (is_outstanding or outcome is distinct from 'withdrawn')
),

of_the_year_by_team as (
    {{ with_team_on('of_the_year', 'raised_date') }}
),

final as (
    {{ child_rows('raised_by_team', 'challenges_raised', **raised) }}
    union all
    {{ child_rows(
        'raised_by_team', 'problem_resolutions_raised', where="challenge_type = 'problem_resolution'", **raised
    ) }}
    union all
    {{ child_rows(
        'raised_by_team', 'management_alerts_raised', where="challenge_type = 'management_alert'", **raised
    ) }}
    union all
    {{ child_rows(
        'resolved_by_team', 'problem_resolutions_resolved',
        event_id='challenge_id',
        actual_date='resolved_date',
        row_day='resolved_date',
        codes={
            'resolved_level': 'resolved_level', 'context': 'context', 'challenge_category': 'category_code',
        },
        where="challenge_type = 'problem_resolution' and outcome is distinct from 'withdrawn'"
    ) }}
    union all
    {{ child_rows(
        'outstanding_by_team', 'challenges_over_4_weeks',
        event_id='challenge_id',
        due_date='last_day_in_time',
        codes=subject,
        where='last_day_in_time < month'
    ) }}
    union all
    {{ child_rows(
        'of_the_year_by_team', 'challenges_resolved_20_working_days',
        is_in_numerator='resolved_date <= resolve_by_date',
        reason="case
            when is_outstanding then 'Not resolved'
            else 'Resolved after {working_days_to_resolve_challenge} working days'
        end",
        event_id='challenge_id',
        due_date='resolve_by_date',
        actual_date='case when not is_outstanding then resolved_date end',
        row_day='raised_date',
        codes={'challenge_type': 'challenge_type', 'context': 'context'}
    ) }}
)

select *
from final
