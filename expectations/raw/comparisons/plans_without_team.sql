-- Share of the children with an open child in need plan, in per cent, whose plan names no team of the drop. Judged from
-- 50 children on.
with open_plans as (
    select
        plans.cinp_person_id as child_id,
        bool_or(teams.dept_team_id is not null) as has_team
    from raw.ssd_cin_plans as plans
    left join compared.teams_of_drop as teams
        on plans.cinp_cin_plan_team = teams.dept_team_id
    where
        plans.la_code = '{la_code}'
        and plans.extract_month = date '{extract_month}'
        and plans.cinp_cin_plan_start_date <= date '{extract_month}'
        and coalesce(plans.cinp_cin_plan_end_date > date '{extract_month}', true)
    group by plans.cinp_person_id
)

select
    100.0 * count(*) filter (where not has_team) / count(*) as percent,
    'cinp_cin_plan_team names no team for ' || format('{:,}', count(*) filter (where not has_team)) || ' of '
    || format('{:,}', count(*)) || ' children' as finding
from open_plans
having
    count(*) >= 50
    and not exists (from compared.layout_without_teams)
