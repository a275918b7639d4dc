-- One row if the layout of the drop has no teams: then nothing is judged by team.
select true as is_without_teams
from raw.drop_reach
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
    and object = 'ssd_involvements'
    and not has_teams
