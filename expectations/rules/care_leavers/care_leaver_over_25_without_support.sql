with supported as (
    select involvements.invo_person_id
    from ssd_involvements as involvements
    cross join this_drop
    where
        involvements.invo_professional_role_id = '16PLUS'
        and involvements.invo_involvement_start_date <= this_drop.month_end
        and coalesce(involvements.invo_involvement_end_date > this_drop.month_end, true)
)

select
    leavers.clea_table_id as record_key,
    leavers.clea_person_id as child_id
from ssd_care_leavers as leavers
inner join ssd_person as people
    on leavers.clea_person_id = people.pers_person_id
cross join this_drop
where
    leavers.clea_care_leaver_eligibility in ('Eligible', 'Relevant', 'Former Relevant', 'Qualifying')
    and age_at(people.pers_dob, this_drop.month_end) > 25
    and leavers.clea_person_id not in (select invo_person_id from supported)
