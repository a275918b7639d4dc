with source as (
    {{ rows_of_this_extract('ssd_care_leavers') }}
),

renamed as (
    select
        la_code,
        extract_month,
        clea_table_id as care_leaver_id,
        clea_person_id as child_id,
        clea_care_leaver_eligibility as eligibility_text,
        clea_care_leaver_in_touch as in_touch_code,
        clea_care_leaver_latest_contact as latest_contact_date,
        clea_care_leaver_accommodation as accommodation_code,
        clea_care_leaver_accom_suitable as accommodation_suitable_code,
        clea_care_leaver_activity as activity_code,
        clea_pathway_plan_review_date as pathway_plan_review_date,
        clea_care_leaver_personal_advisor as personal_adviser_id,
        clea_care_leaver_allocated_team as team_id,
        clea_care_leaver_worker_id as worker_id
    from source
)

select *
from renamed
