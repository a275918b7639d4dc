with rules as (
    select
        rule,
        sum(failed) filter (where area_type = 'authority') as of_authority,
        sum(failed) filter (where area_type = 'team') as of_teams
    from marts.mart_data_quality
    where
        la_code = '{la_code}'
        and month = date '{extract_month}'
    group by rule
)

select
    count(*) as rules_not_adding_up,
    string_agg(
        rule || ' ' || coalesce(of_teams, 0) || ' of ' || coalesce(of_authority, 0), ', ' order by rule
    ) as rules_not_adding_up_detail
from rules
where coalesce(of_authority, 0) <> coalesce(of_teams, 0)
