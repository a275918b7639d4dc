with open_statuses as (
    select statuses.lega_person_id
    from legal_status_spell as statuses
    cross join this_drop
    where
        statuses.lega_legal_status_start_date <= this_drop.month_end
        and statuses.first_day_after > this_drop.month_end
        -- a status in unknown words is flagged by ingest and is not none
        and coalesce(statuses.is_looked_after, true)
)

select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
inner join ssd_person as people
    on episodes.clae_person_id = people.pers_person_id
cross join this_drop
where
    episodes.clae_cla_episode_start_date <= this_drop.month_end
    and coalesce(episodes.clae_cla_episode_ceased_date > this_drop.month_end, true)
    -- one who is 18 is not looked after, whatever the status
    and age_at(people.pers_dob, this_drop.month_end) < 18
    and episodes.clae_person_id not in (select lega_person_id from open_statuses)
