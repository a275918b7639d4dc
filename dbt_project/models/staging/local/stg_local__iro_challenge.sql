with source as (
    {{ rows_of_this_extract('local_iro_challenge', source_name='local') }}
),

renamed as (
    select
        la_code,
        extract_month,
        challenge_id,
        person_id as child_id,
        challenge_type as challenge_type_text,
        context as context_text,
        category as category_text,
        impact as impact_text,
        raised_date,
        iro_worker_id as worker_id,
        resolved_date,
        resolved_level as resolved_level_text,
        outcome as outcome_text
    from source
)

select *
from renamed
