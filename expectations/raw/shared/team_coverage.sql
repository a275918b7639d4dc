-- records of the last twelve months, and those without a date
with records as (
    select {team} as team_id
    from this_partition
    where coalesce(
        {event_date} <= date '{extract_month}' and {event_date} > date '{extract_month}' - interval 12 month,
        true
    )
),

counts as (
    select
        count(*) as all_records,
        count(*) filter (where teams.dept_team_id is null) as without_team
    from records
    left join teams_of_drop as teams
        on records.team_id = teams.dept_team_id
)

select
    case when all_records >= 50 then 100.0 * without_team / all_records end as share_without_team_percent,
    '{team} names no team in ' || format('{:,}', without_team) || ' of ' || format('{:,}', all_records) || ' {rows}'
        as share_without_team_percent_detail
from counts
