-- Question: Which care leavers are we not in touch with, for how long, and what is the last thing we know?
-- Reads: restricted/warehouse.duckdb, current_care_leaver, dim_code
-- Look out: for somebody out of touch all details are as old as the last contact. The number of months for which a
--   contact counts has changed: `warehouse explain care_leavers_in_touch` says when.
select
    people.team_name as team,
    people.child_id,
    people.age,
    people.latest_contact_date,
    date_diff('day', people.latest_contact_date, people.extract_month) as days_since_contact,
    in_touch.label as last_known_contact,
    activities.label as last_known_activity,
    people.has_personal_adviser
from current_care_leaver as people
left join dim_code as in_touch
    on people.in_touch_code = in_touch.code and in_touch.code_set = 'in_touch'
left join dim_code as activities
    on people.activity_code = activities.code and activities.code_set = 'activity'
where
    people.la_code = '888'
    and people.is_care_leaver
    and not people.is_in_touch
order by people.latest_contact_date nulls first, people.child_id;
