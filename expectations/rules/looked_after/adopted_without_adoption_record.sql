select
    episodes.clae_cla_episode_id as record_key,
    episodes.clae_person_id as child_id
from ssd_cla_episodes as episodes
where
    episodes.clae_cla_episode_ceased_reason in ('E11', 'E12')
    and not exists (
        select 1
        from ssd_permanence as permanence
        where
            permanence.perm_person_id = episodes.clae_person_id
            and permanence.perm_adm_decision_date is not null
            and permanence.perm_matched_date is not null
    )
