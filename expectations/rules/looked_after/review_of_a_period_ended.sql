with periods as (
    select
        clae_cla_id,
        -- a period that two children bear is that of its last episode's child
        max_by(clae_person_id, clae_cla_episode_start_date) as clae_person_id,
        max(coalesce(clae_cla_episode_ceased_date, date '9999-12-31')) as first_day_after
    from ssd_cla_episodes
    group by clae_cla_id
)

select
    reviews.clar_cla_review_id as record_key,
    periods.clae_person_id as child_id
from ssd_cla_reviews as reviews
inner join periods
    on reviews.clar_cla_id = periods.clae_cla_id
where
    coalesce(reviews.clar_cla_review_cancelled, 'N') <> 'Y'
    -- one held on the day on which the child left is the last of the period
    and reviews.clar_cla_review_date > periods.first_day_after
