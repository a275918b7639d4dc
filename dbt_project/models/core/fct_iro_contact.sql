with contacts as (
    select *
    from {{ ref('stg_local__iro_contact') }}
),

contacts_by_team as (
    {{ with_team_on('contacts', 'contact_date') }}
),

final as (
    select
        contact_id as iro_contact_id,
        la_code,
        child_id,
        contact_date,
        context_text as context,
        kind_text as kind,
        team_name,
        locality_name,
        extract_month
    from contacts_by_team
)

select *
from final
