with source as (
    {{ rows_of_this_extract('ssd_legal_status') }}
),

renamed as (
    select
        la_code,
        extract_month,
        lega_legal_status_id as legal_status_id,
        lega_person_id as child_id,
        lega_legal_status as legal_status_text,
        lega_legal_status_start_date as start_date,
        lega_legal_status_end_date as end_date
    from source
)

select *
from renamed
