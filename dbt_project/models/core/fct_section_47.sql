with enquiries as (
    select *
    from {{ ref('stg_lcs__section_47') }}
),

conferences as (
    select distinct
        la_code,
        extract_month,
        section_47_id
    from {{ ref('stg_lcs__initial_cp_conference') }}
),

-- the keys between commas, so that none is found within a longer one
concluded as (
    select
        enquiries.*,
        ', ' || coalesce(enquiries.outcome_keys, '') || ',' as keys,
        conferences.section_47_id is not null as has_conference
    from enquiries
    left join conferences
        on
            enquiries.la_code = conferences.la_code
            and enquiries.extract_month = conferences.extract_month
            and enquiries.section_47_id = conferences.section_47_id
),

enquiries_by_team as (
    {{ with_team_of_record('concluded') }}
),

final as (
    select
        section_47_id,
        la_code,
        child_id,
        referral_id,
        start_date,
        end_date,
        coalesce({{ is_open_on('start_date', 'end_date', 'extract_month') }}, false) as is_open,
        is_no_further_action,
        case
            when has_conference or keys like '%, CP_CONFERENCE,%' then 'conference'
            when
                keys like '%, PROV_OF_SERVICES,%'
                or keys like '%, PROV_OF_SB_CARE,%'
                or keys like '%, LEGAL_ACTION,%'
                or keys like '%, MONITOR,%'
                then 'services'
            when is_no_further_action or keys like '%, NFA,%' or keys like '%, NFA_CONTINUE_SINGLE,%' then 'nfa'
            when keys like '%, OTHER_OUTCOMES_EXIST,%' then 'other'
        end as section_47_outcome,
        worker_id,
        team_name,
        locality_name,
        extract_month
    from enquiries_by_team
)

select *
from final
