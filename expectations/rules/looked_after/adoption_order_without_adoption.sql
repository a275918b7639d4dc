select
    permanence.perm_table_id as record_key,
    permanence.perm_person_id as child_id
from ssd_permanence as permanence
where
    lower(permanence.perm_permanence_order_type) = 'adoption'
    and permanence.perm_permanence_order_date is not null
    and not exists (
        select 1
        from ssd_cla_episodes as episodes
        where
            episodes.clae_person_id = permanence.perm_person_id
            and episodes.clae_cla_episode_ceased_reason in ('E11', 'E12')
    )
