with periods as (
    select
        clae_cla_id,
        clae_person_id,
        min(clae_entered_care_date) as first_entered,
        max(clae_entered_care_date) as last_entered
    from ssd_cla_episodes
    group by clae_cla_id, clae_person_id
)

select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join periods
    on
        episodes.clae_cla_id = periods.clae_cla_id
        and episodes.clae_person_id = periods.clae_person_id
where periods.first_entered < periods.last_entered
