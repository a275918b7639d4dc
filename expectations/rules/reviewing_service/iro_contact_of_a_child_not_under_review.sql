-- A contact in either context while the child is neither in care nor on a child protection plan.
select
    contacts.contact_id as record_key,
    contacts.person_id as child_id
from local_iro_contact as contacts
cross join this_drop
left join ssd_cla_episodes as episodes
    on
        contacts.person_id = episodes.clae_person_id
        and is_open_on(
            episodes.clae_cla_episode_start_date, episodes.clae_cla_episode_ceased_date, contacts.contact_date
        )
left join ssd_cp_plans as plans
    on
        contacts.person_id = plans.cppl_person_id
        and is_open_on(plans.cppl_cp_plan_start_date, plans.cppl_cp_plan_end_date, contacts.contact_date)
where
    contacts.contact_date >= this_drop.oldest_day_judged
    and episodes.clae_cla_episode_id is null
    and plans.cppl_cp_plan_id is null
