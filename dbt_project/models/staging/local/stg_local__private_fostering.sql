with source as (
    {{ rows_of_list_in_force('local_private_fostering') }}
),

renamed as (
    select
        la_code,
        in_force_month as extract_month,
        arrangement_id,
        person_id as child_id,
        start_date,
        end_date
    from source
)

select *
from renamed
