with source as (
    {{ rows_of_this_extract('local_iro_contact', source_name='local') }}
),

renamed as (
    select
        la_code,
        extract_month,
        contact_id,
        person_id as child_id,
        contact_date,
        context as context_text,
        kind as kind_text
    from source
)

select *
from renamed
