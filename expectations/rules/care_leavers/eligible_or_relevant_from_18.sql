select
    leavers.clea_table_id as record_key,
    leavers.clea_person_id as child_id
from ssd_care_leavers as leavers
inner join ssd_person as people
    on leavers.clea_person_id = people.pers_person_id
cross join this_drop
where
    leavers.clea_care_leaver_eligibility in ('Eligible', 'Relevant')
    and age_at(people.pers_dob, this_drop.month_end) >= 18
