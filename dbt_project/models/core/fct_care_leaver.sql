select
    la_code,
    child_id,
    care_leaver_id,
    team_name,
    locality_name,
    worker_id,
    cast(age as integer) as age,
    case
        when age between 16 and 17 then '16-17'
        when age = 18 then '18'
        when age between 19 and 21 then '19-21'
        when age between 22 and 25 then '22-25'
    end as age_band,
    eligibility,
    is_care_leaver,
    in_touch_code,
    latest_contact_date,
    is_in_touch,
    accommodation_code,
    is_suitable_accommodation,
    activity_code,
    eet_status,
    pathway_plan_review_date,
    has_current_pathway_plan,
    has_personal_adviser,
    personal_adviser_id,
    extract_month
from {{ ref('int_care_leaver_month_end') }}
where month = extract_month
