with children as (
    select
        clae_cla_id,
        -- a period that two children bear is that of its last episode's child
        max_by(clae_person_id, clae_cla_episode_start_date) as clae_person_id
    from ssd_cla_episodes
    group by clae_cla_id
),

held as (
    select
        reviews.clar_cla_review_id,
        children.clae_person_id,
        reviews.clar_cla_review_date,
        lag(reviews.clar_cla_review_date) over (
            partition by children.clae_person_id
            order by reviews.clar_cla_review_date, reviews.clar_cla_review_id
        ) as previous_review_date
    from ssd_cla_reviews as reviews
    inner join children
        on reviews.clar_cla_id = children.clae_cla_id
    where
        reviews.clar_cla_review_date is not null
        and coalesce(reviews.clar_cla_review_cancelled, 'N') <> 'Y'
)

select
    clar_cla_review_id as record_key,
    clae_person_id as child_id
from held
where date_diff('day', previous_review_date, clar_cla_review_date) <= 14
