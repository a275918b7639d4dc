with periods as (
    select
        clae_cla_id,
        -- a period that two children bear is that of its last episode's child
        max_by(clae_person_id, clae_cla_episode_start_date) as clae_person_id,
        min(coalesce(clae_entered_care_date, clae_cla_episode_start_date)) as first_day
    from ssd_cla_episodes
    group by clae_cla_id
)

select
    reviews.clar_cla_review_id as record_key,
    periods.clae_person_id as child_id
from ssd_cla_reviews as reviews
inner join periods
    on reviews.clar_cla_id = periods.clae_cla_id
where reviews.clar_cla_review_due_date < periods.first_day
