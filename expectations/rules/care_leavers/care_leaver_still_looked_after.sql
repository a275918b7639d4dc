with looked_after as (
    select episodes.clae_person_id
    from ssd_cla_episodes as episodes
    cross join this_drop
    where
        episodes.clae_cla_episode_start_date <= this_drop.month_end
        and coalesce(episodes.clae_cla_episode_ceased_date > this_drop.month_end, true)
)

select
    leavers.clea_table_id as record_key,
    leavers.clea_person_id as child_id
from ssd_care_leavers as leavers
inner join ssd_person as people
    on leavers.clea_person_id = people.pers_person_id
cross join this_drop
where
    leavers.clea_care_leaver_eligibility in ('Relevant', 'Former Relevant', 'Qualifying')
    and age_at(people.pers_dob, this_drop.month_end) < 18
    and leavers.clea_person_id in (select clae_person_id from looked_after)
