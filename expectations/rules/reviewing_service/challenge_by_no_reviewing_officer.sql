select
    challenges.challenge_id as record_key,
    challenges.person_id as child_id
from local_iro_challenge as challenges
cross join this_drop
left join local_workforce_post as posts
    on
        challenges.iro_worker_id = posts.worker_id
        and posts.role in ('iro', 'foster_iro', 'iro_manager')
        and is_open_on(posts.start_date, posts.end_date, challenges.raised_date)
left join ssd_involvements as involvements
    on
        challenges.iro_worker_id = involvements.invo_professional_id
        and involvements.invo_professional_role_id = 'IRO'
        and is_open_on(
            involvements.invo_involvement_start_date, involvements.invo_involvement_end_date, challenges.raised_date
        )
where
    challenges.iro_worker_id is not null
    and challenges.raised_date >= this_drop.oldest_day_judged
    and posts.post_id is null
    and involvements.invo_involvements_id is null
