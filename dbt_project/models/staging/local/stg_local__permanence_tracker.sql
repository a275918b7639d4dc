with source as (
    {{ rows_of_list_in_force('local_permanence_tracker') }}
),

renamed as (
    select
        la_code,
        in_force_month as extract_month,
        person_id as child_id,
        plan as plan_text,
        identified_date,
        filing_due_date,
        filed_date,
        court_date,
        order_date,
        closed_date
    from source
)

select *
from renamed
