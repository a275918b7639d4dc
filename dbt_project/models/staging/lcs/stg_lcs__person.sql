with source as (
    {{ rows_of_this_extract('ssd_person') }}
),

renamed as (
    select
        la_code,
        extract_month,
        pers_person_id as child_id,
        pers_sex as sex_code,
        pers_gender as gender_code,
        pers_ethnicity as ethnicity_code,
        pers_dob as date_of_birth,
        pers_expected_dob as expected_date_of_birth,
        pers_death_date as date_of_death,
        pers_send_flag = 'Y' as has_ehc_plan,
        pers_is_mother = 'Y' as is_mother
    from source
)

select *
from renamed
