select
    clae_cla_episode_id as record_key,
    clae_person_id as child_id
from episode_with_previous
where
    clae_cla_episode_start_reason in ('L', 'P', 'T', 'B', 'U')
    -- an episode that begins before the previous one ended is an overlap, which ingest flags
    and previous_ceased_date < clae_cla_episode_start_date
