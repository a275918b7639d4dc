with source as (
    {{ rows_of_this_extract('local_workforce_post', source_name='local') }}
),

renamed as (
    select
        la_code,
        extract_month,
        post_id,
        role as role_text,
        team_id,
        fte,
        filled_by as filled_by_text,
        worker_id,
        qualified_date,
        began_role_date,
        start_date,
        end_date,
        leaving_reason as leaving_reason_text
    from source
)

select *
from renamed
