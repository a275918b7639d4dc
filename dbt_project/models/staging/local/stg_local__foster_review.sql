with source as (
    {{ rows_of_list_in_force('local_foster_review') }}
),

renamed as (
    select
        la_code,
        in_force_month as extract_month,
        review_id,
        carer_id,
        approved_date,
        due_date,
        held_date,
        kind as kind_text
    from source
)

select *
from renamed
