with periods as (
    select
        clae_person_id,
        max(clae_cla_episode_ceased_date) as left_care_date
    from ssd_cla_episodes
    group by clae_person_id
    having
        count(*) = count(clae_cla_episode_ceased_date)
        -- after X1 care continues; a missing next episode is the subject of another rule
        and max_by(coalesce(clae_cla_episode_ceased_reason, ''), clae_cla_episode_ceased_date) <> 'X1'
)

select
    leavers.clea_table_id as record_key,
    leavers.clea_person_id as child_id
from ssd_care_leavers as leavers
inner join periods
    on leavers.clea_person_id = periods.clae_person_id
where
    leavers.clea_care_leaver_eligibility in ('Relevant', 'Former Relevant', 'Qualifying')
    and leavers.clea_care_leaver_latest_contact < periods.left_care_date
