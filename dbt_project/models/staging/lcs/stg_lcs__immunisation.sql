with source as (
    {{ rows_of_this_extract('ssd_cla_immunisations') }}
),

renamed as (
    select
        la_code,
        extract_month,
        clai_person_id as child_id,
        clai_immunisations_status = 'Y' as is_up_to_date,
        clai_immunisations_status_date as status_date
    from source
)

select *
from renamed
