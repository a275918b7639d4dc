-- Share of the records, in per cent, whose team is not in the drop's list of teams. It counts records of the last 12
-- months and those without a date. Judged from 50 records on.
with records as (
    select {team} as team_id
    from {table}
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and coalesce(
            {event_date} <= date '{extract_month}' and {event_date} > date '{extract_month}' - interval 12 month,
            true
        )
),

counts as (
    select
        count(*) as all_records,
        count(*) filter (where teams.dept_team_id is null) as without_team
    from records
    left join compared.teams_of_drop as teams
        on records.team_id = teams.dept_team_id
)

select
    '{object}' as object,
    100.0 * without_team / all_records as percent,
    '{team} names no team in ' || format('{:,}', without_team) || ' of ' || format('{:,}', all_records) || ' {rows}'
        as finding
from counts
where
    all_records >= 50
    and not exists (from compared.layout_without_teams)
