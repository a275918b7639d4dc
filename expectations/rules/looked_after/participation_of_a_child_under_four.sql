with children as (
    select
        clae_cla_id,
        -- a period that two children bear is that of its last episode's child
        max_by(clae_person_id, clae_cla_episode_start_date) as clae_person_id
    from ssd_cla_episodes
    group by clae_cla_id
)

select
    reviews.clar_cla_review_id as record_key,
    children.clae_person_id as child_id
from ssd_cla_reviews as reviews
inner join children
    on reviews.clar_cla_id = children.clae_cla_id
inner join ssd_person as people
    on children.clae_person_id = people.pers_person_id
where
    coalesce(reviews.clar_cla_review_cancelled, 'N') <> 'Y'
    and reviews.clar_cla_review_participation in ('PN1', 'PN2', 'PN3', 'PN4', 'PN5', 'PN6', 'PN7')
    and age_at(people.pers_dob, reviews.clar_cla_review_date) < 4
