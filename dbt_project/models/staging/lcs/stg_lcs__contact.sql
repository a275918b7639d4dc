with source as (
    {{ rows_of_this_extract('ssd_contacts') }}
),

renamed as (
    select
        la_code,
        extract_month,
        cont_contact_id as contact_id,
        cont_person_id as child_id,
        cont_contact_date as contact_date,
        cont_contact_source_code as source_code
    from source
)

select *
from renamed
