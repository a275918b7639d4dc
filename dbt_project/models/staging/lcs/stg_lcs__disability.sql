with source as (
    {{ rows_of_this_extract('ssd_disability') }}
),

renamed as (
    select
        la_code,
        extract_month,
        disa_table_id as disability_id,
        disa_person_id as child_id,
        disa_disability_code as disability_code
    from source
)

select *
from renamed
