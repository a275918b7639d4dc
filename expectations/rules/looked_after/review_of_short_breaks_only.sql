with children as (
    select
        clae_cla_id,
        -- a period that two children bear is that of its last episode's child
        max_by(clae_person_id, clae_cla_episode_start_date) as clae_person_id
    from ssd_cla_episodes
    group by clae_cla_id
),

short_breaks_only as (
    select lega_person_id
    from legal_status_spell
    where is_looked_after
    group by lega_person_id
    having bool_and(is_short_break)
)

select
    reviews.clar_cla_review_id as record_key,
    children.clae_person_id as child_id
from ssd_cla_reviews as reviews
inner join children
    on reviews.clar_cla_id = children.clae_cla_id
inner join short_breaks_only
    on children.clae_person_id = short_breaks_only.lega_person_id
where
    reviews.clar_cla_review_date is not null
    and coalesce(reviews.clar_cla_review_cancelled, 'N') <> 'Y'
