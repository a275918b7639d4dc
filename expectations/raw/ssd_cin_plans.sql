with open_plans as (
    select
        plans.cinp_person_id as child_id,
        bool_or(teams.dept_team_id is not null) as has_team
    from this_partition as plans
    left join teams_of_drop as teams
        on plans.cinp_cin_plan_team = teams.dept_team_id
    where
        plans.cinp_cin_plan_start_date <= date '{extract_month}'
        and coalesce(plans.cinp_cin_plan_end_date > date '{extract_month}', true)
    group by plans.cinp_person_id
)

select
    case
        when count(*) >= 50 then 100.0 * count(*) filter (where not has_team) / count(*)
    end as share_without_team_percent,
    'cinp_cin_plan_team names no team for ' || format('{:,}', count(*) filter (where not has_team)) || ' of '
    || format('{:,}', count(*)) || ' children' as share_without_team_percent_detail
from open_plans
