with open_statuses as (
    select statuses.lega_person_id
    from legal_status_spell as statuses
    cross join this_drop
    where
        is_open_on(
            statuses.lega_legal_status_start_date, statuses.lega_legal_status_end_date, this_drop.month_end
        )
        -- a status in unknown words is flagged by ingest: it is not a missing one
        and coalesce(statuses.is_looked_after, true)
)

select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from open_episode
where
    -- from 18 on nobody is looked after, whatever the status
    age < 18
    and clae_person_id not in (select lega_person_id from open_statuses)
