with open_statuses as (
    select statuses.lega_person_id
    from legal_status_spell as statuses
    cross join this_drop
    where
        is_open_on(
            statuses.lega_legal_status_start_date, statuses.lega_legal_status_end_date, this_drop.month_end
        )
        -- ingest flags a status in unknown words, so it does not count as missing here
        and coalesce(statuses.is_looked_after, true)
)

select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from open_episode
where
    -- a person of 18 is not looked after, whatever the status
    age < 18
    and clae_person_id not in (select lega_person_id from open_statuses)
