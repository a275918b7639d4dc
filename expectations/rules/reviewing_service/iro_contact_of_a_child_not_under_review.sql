-- A contact in either context while the child is neither in care nor on a child protection plan.
with under_review as (
    select
        clae_person_id as person_id,
        clae_cla_episode_start_date as start_date,
        coalesce(clae_cla_episode_ceased_date, date '9999-12-31') as end_date
    from ssd_cla_episodes
    union all
    select
        cppl_person_id as person_id,
        cppl_cp_plan_start_date as start_date,
        coalesce(cppl_cp_plan_end_date, date '9999-12-31') as end_date
    from ssd_cp_plans
)

select
    contacts.contact_id as record_key,
    contacts.person_id as child_id
from local_iro_contact as contacts
cross join this_drop
left join under_review
    on
        contacts.person_id = under_review.person_id
        and contacts.contact_date >= under_review.start_date
        and contacts.contact_date < under_review.end_date
where
    contacts.contact_date >= this_drop.oldest_day_judged
    and under_review.person_id is null
