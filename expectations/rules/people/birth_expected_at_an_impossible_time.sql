select
    people.pers_person_id as record_key,
    people.pers_person_id as child_id
from ssd_person as people
cross join this_drop
where
    people.pers_dob is null
    and (
        date_diff('day', people.pers_expected_dob, this_drop.month_end) > 30
        or people.pers_expected_dob > cast(this_drop.month_end + interval 9 month as date)
    )
