select
    concat_ws('|', posts.post_id, posts.start_date) as record_key,
    cast(null as varchar) as child_id
from local_workforce_post as posts
cross join this_drop
where
    is_open_on(posts.start_date, posts.end_date, this_drop.month_end)
    and not exists (
        select 1
        from ssd_department as teams
        where
            teams.dept_team_id = posts.team_id
            or letters_and_digits(teams.dept_team_name) = letters_and_digits(posts.team_id)
    )
