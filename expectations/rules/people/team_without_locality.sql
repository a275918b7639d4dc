select
    teams.dept_team_id as record_key,
    cast(null as varchar) as child_id
from ssd_department as teams
where
    teams.dept_team_parent_name is null
    -- a department above the teams has nothing above it
    and exists (
        select 1
        from ssd_involvements as involvements
        cross join this_drop
        where
            involvements.invo_professional_team = teams.dept_team_id
            and involvements.invo_professional_role_id = 'CW'
            and involvements.invo_involvement_start_date <= this_drop.month_end
            and (
                involvements.invo_involvement_end_date is null
                or involvements.invo_involvement_end_date > this_drop.month_end
            )
    )
