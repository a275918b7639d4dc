select
    reviews.cppr_cp_review_id as record_key,
    reviews.cppr_person_id as child_id
from ssd_cp_reviews as reviews
inner join child_at_meeting as others
    on
        reviews.cppr_cp_review_meeting_id = others.meeting_id
        and reviews.cppr_cp_review_date <> others.held_date
