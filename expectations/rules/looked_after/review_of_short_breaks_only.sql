with children as (
    select
        clae_cla_id,
        -- a period that two children bear is that of its last episode's child
        max_by(clae_person_id, clae_cla_episode_start_date) as clae_person_id
    from ssd_cla_episodes
    group by clae_cla_id
),

short_breaks_only as (
    select spells.lega_person_id
    from ssd_legal_status as spells
    inner join legal_status_code as codes
        on
            regexp_replace(lower(spells.lega_legal_status), '[^a-z0-9]', '', 'g')
            = regexp_replace(lower(codes.legal_status_text), '[^a-z0-9]', '', 'g')
    where codes.is_looked_after
    group by spells.lega_person_id
    having bool_and(codes.is_short_break)
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
