-- Care leavers with their age at the month's end.
select
    leavers.*,
    age_at(people.pers_dob, this_drop.month_end) as age
from ssd_care_leavers as leavers
inner join ssd_person as people
    on leavers.clea_person_id = people.pers_person_id
cross join this_drop
