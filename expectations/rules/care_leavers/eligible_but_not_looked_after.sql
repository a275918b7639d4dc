with looked_after as (
    select episodes.clae_person_id
    from ssd_cla_episodes as episodes
    cross join this_drop
    where
        episodes.clae_cla_episode_start_date <= this_drop.month_end
        and coalesce(episodes.clae_cla_episode_ceased_date > this_drop.month_end, true)
)

select
    clea_table_id as record_key,
    clea_person_id as child_id
from ssd_care_leavers
where
    clea_care_leaver_eligibility = 'Eligible'
    and clea_person_id not in (select clae_person_id from looked_after)
