{% set period = 'la_code, extract_month, child_id, period_of_care_id' %}

with episodes as (
    select *
    from {{ ref('int_care_episode') }}
    where period_of_care_id is not null and start_date is not null
),

people as (
    select *
    from {{ ref('stg_lcs__person') }}
),

reasons as (
    select *
    from {{ ref('code_ceased_reason') }}
),

-- an episode is the last one of its period until the next one begins
succeeded as (
    select
        *,
        coalesce(
            lead(start_date) over (
                partition by {{ period }} order by start_date, ceased_date nulls last, id_sort_key
            ),
            {{ end_of_time() }}
        ) as next_start_date
    from episodes
),

ceased as (
    select
        *,
        {{ day_before('ceased_date') }} as state_date
    from succeeded
    where
        ceased_date < next_start_date
        and {{ is_ceasing('ceased_reason_code') }}
),

ceased_by_status as (
    {{ with_legal_status_on('ceased', 'state_date') }}
),

final as (
    select
        ceased.la_code,
        ceased.extract_month,
        ceased.child_id,
        ceased.period_of_care_id,
        ceased.in_care_since,
        ceased.ceased_date,
        ceased.state_date,
        ceased.ceased_reason_code,
        coalesce(reasons.ceased_reason_group, 'other') as ceased_reason_group,
        ceased.legal_status_code,
        people.date_of_birth,
        -- on the day after
        {{ age_in_years('people.date_of_birth', add_days('ceased.ceased_date', 1)) }} as age_after_ceasing,
        ceased.ceased_date as valid_from,
        ceased.next_start_date as valid_to
    from ceased_by_status as ceased
    left join reasons
        on ceased.ceased_reason_code = reasons.ceased_reason_code
    left join people
        on
            ceased.la_code = people.la_code
            and ceased.extract_month = people.extract_month
            and ceased.child_id = people.child_id
    where not ceased.is_short_break
)

select *
from final
