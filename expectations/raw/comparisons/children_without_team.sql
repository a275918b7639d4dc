-- Share of the children with an open child protection plan or episode of care, in per cent, whose allocated case worker
-- names no team of the drop. Judged from 50 children on.
with children as (
    select cppl_person_id as child_id
    from raw.ssd_cp_plans
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and cppl_cp_plan_start_date <= date '{extract_month}'
        and coalesce(cppl_cp_plan_end_date > date '{extract_month}', true)
        and coalesce(cppl_cp_plan_ola <> 'Y', true)
    union
    select clae_person_id as child_id
    from raw.ssd_cla_episodes
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and clae_cla_episode_start_date <= date '{extract_month}'
        and coalesce(clae_cla_episode_ceased_date > date '{extract_month}', true)
),

latest_case_worker as (
    select
        invo_person_id as child_id,
        invo_professional_team as team_id
    from raw.ssd_involvements
    where
        la_code = '{la_code}'
        and extract_month = date '{extract_month}'
        and invo_professional_role_id = 'CW'
        and invo_involvement_start_date <= date '{extract_month}'
        and coalesce(invo_involvement_end_date > date '{extract_month}', true)
    qualify
        row_number() over (
            partition by invo_person_id
            order by
                invo_involvement_start_date desc,
                try_cast(invo_involvements_id as hugeint) desc nulls last,
                invo_involvements_id desc
        ) = 1
),

teams_of_children as (
    select
        children.child_id,
        teams.dept_team_id is not null as has_team
    from children
    left join latest_case_worker
        on children.child_id = latest_case_worker.child_id
    left join compared.teams_of_drop as teams
        on latest_case_worker.team_id = teams.dept_team_id
)

select
    100.0 * count(*) filter (where not has_team) / count(*) as percent,
    'invo_professional_team names no team for ' || format('{:,}', count(*) filter (where not has_team)) || ' of '
    || format('{:,}', count(*)) || ' children' as finding
from teams_of_children
having
    count(*) >= 50
    and not exists (from compared.layout_without_teams)
