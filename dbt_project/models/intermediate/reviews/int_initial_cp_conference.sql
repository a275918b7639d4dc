with conferences as (
    select *
    from {{ ref('stg_lcs__initial_cp_conference') }}
),

enquiries as (
    select *
    from {{ ref('stg_lcs__section_47') }}
),

conferences_of_enquiries as (
    select
        conferences.la_code,
        conferences.extract_month,
        conferences.conference_id,
        conferences.meeting_id,
        conferences.section_47_id,
        conferences.plan_id,
        conferences.child_id,
        conferences.held_date,
        conferences.target_date,
        conferences.team_id,
        coalesce(conferences.is_transfer_in, false) as is_transfer_in,
        enquiries.start_date as section_47_start_date,
        case
            when conferences.held_date is null then 'Not held'
            when conferences.is_transfer_in then 'Transferred in'
            when enquiries.section_47_id is null then 'No section 47 enquiry linked'
            when enquiries.start_date is null then 'Section 47 enquiry without a start'
        end as not_counted_reason
    from conferences
    left join enquiries
        on
            conferences.la_code = enquiries.la_code
            and conferences.extract_month = enquiries.extract_month
            and conferences.section_47_id = enquiries.section_47_id
),

clocks as (
    {{ with_parameters('conferences_of_enquiries', 'section_47_start_date', ['working_days_to_conference']) }}
),

clocked as (
    {{ with_working_days_after('clocks', 'section_47_start_date', 'cohort.working_days_to_conference', 'due_date') }}
),

final as (
    select
        *,
        not_counted_reason is null as is_counted
    from clocked
)

select *
from final
