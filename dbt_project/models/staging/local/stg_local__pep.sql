with source as (
    {{ rows_of_this_extract('local_pep', source_name='local') }}
),

renamed as (
    select
        la_code,
        extract_month,
        person_id as child_id,
        meeting_date,
        term
    from source
)

select *
from renamed
