{% set no_visit_or_too_old = "case
            when last_visit_date is null then 'No visit with the child seen'
            else 'Last visit too long ago'
        end" %}
{% set no_visit_in_placement = "case
            when last_visit_date is null then 'No visit in the placement with the child seen'
            else 'Last visit too long ago'
        end" %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

visits as (
    select *
    from {{ ref('fct_visit') }}
),

placements as (
    select *
    from {{ ref('int_placement') }}
),

long_term_plans as (
    select *
    from {{ ref('fct_plan') }}
    -- between commas, so that the code is not found within a longer one
    where plan_type = 'permanence' and ', ' || category_code || ',' like '%, LTFOST18,%'
),

on_plans as (
    select
        'cin' as visit_type,
        la_code,
        extract_month,
        month,
        child_id,
        area_name as team_name,
        locality_name,
        actual_date as start_date
    from {{ ref('ind_cin_plans') }}
    where indicator_id = 'cin_plans_open'
    union all
    select
        'cp' as visit_type,
        la_code,
        extract_month,
        month,
        child_id,
        area_name as team_name,
        locality_name,
        actual_date as start_date
    from {{ ref('ind_cp_plans_open') }}
    where indicator_id = 'cp_plans_open'
),

planned_for_long as (
    select distinct
        months.la_code,
        months.extract_month,
        months.month,
        long_term_plans.child_id
    from months
    inner join long_term_plans
        on
            months.la_code = long_term_plans.la_code
            and months.extract_month = long_term_plans.extract_month
            and {{ is_open_on('long_term_plans.start_date', 'long_term_plans.end_date', 'months.month') }}
),

looked_after as (
    select
        'cla' as visit_type,
        states.la_code,
        states.extract_month,
        states.month,
        states.child_id,
        states.legal_status_code,
        states.placement_type_code,
        placements.start_date,
        states.placement_type_code in ('U1', 'U4') or planned_for_long.child_id is not null as is_long_term
    from {{ ref('int_looked_after_state') }} as states
    inner join placements
        on
            states.la_code = placements.la_code
            and states.extract_month = placements.extract_month
            and states.placement_id = placements.placement_id
    left join planned_for_long
        on
            states.la_code = planned_for_long.la_code
            and states.extract_month = planned_for_long.extract_month
            and states.month = planned_for_long.month
            and states.child_id = planned_for_long.child_id
    where {{ add_days('placements.start_date', 7) }} <= states.month
),

to_visit as (
    select
        visit_type,
        la_code,
        extract_month,
        month,
        child_id,
        start_date
    from on_plans
    union all
    select
        visit_type,
        la_code,
        extract_month,
        month,
        child_id,
        start_date
    from looked_after
),

-- the child was seen since the plan or the placement began
last_visits as (
    select
        to_visit.visit_type,
        to_visit.la_code,
        to_visit.extract_month,
        to_visit.month,
        to_visit.child_id,
        max(visits.visit_date) as last_visit_date
    from to_visit
    inner join visits
        on
            to_visit.visit_type = visits.visit_type
            and to_visit.la_code = visits.la_code
            and to_visit.extract_month = visits.extract_month
            and to_visit.child_id = visits.child_id
            and visits.is_child_seen
            and visits.visit_date >= to_visit.start_date
            and visits.visit_date <= to_visit.month
    group by
        to_visit.visit_type, to_visit.la_code, to_visit.extract_month, to_visit.month, to_visit.child_id
),

on_plans_with_visits as (
    select
        on_plans.*,
        last_visits.last_visit_date
    from on_plans
    left join last_visits
        on
            on_plans.visit_type = last_visits.visit_type
            and on_plans.la_code = last_visits.la_code
            and on_plans.extract_month = last_visits.extract_month
            and on_plans.month = last_visits.month
            and on_plans.child_id = last_visits.child_id
),

on_plans_with_parameters as (
    {{ with_parameters('on_plans_with_visits', 'month', [
        'working_days_between_cin_visits', 'working_days_between_cp_visits',
    ]) }}
),

on_plans_with_working_days as (
    select
        *,
        case visit_type
            when 'cin' then working_days_between_cin_visits
            else working_days_between_cp_visits
        end as working_days_between_visits
    from on_plans_with_parameters
),

on_plans_with_first_day as (
    {{ with_working_days_after(
        'on_plans_with_working_days', 'start_date', 'cohort.working_days_between_visits', 'first_due_date'
    ) }}
),

on_plans_to_visit as (
    {{ with_working_days_after(
        'on_plans_with_first_day', 'last_visit_date', 'cohort.working_days_between_visits', 'next_due_date'
    ) }}
),

placed as (
    select
        looked_after.*,
        last_visits.last_visit_date,
        case
            when looked_after.placement_type_code = 'P1' and looked_after.legal_status_code = 'C1'
                then {{ add_days('last_visits.last_visit_date', 28) }}
            when {{ add_months('looked_after.start_date', 12) }} <= looked_after.month and looked_after.is_long_term
                then {{ add_months('last_visits.last_visit_date', 3) }}
            else {{ add_days('last_visits.last_visit_date', 42) }}
        end as next_due_date
    from looked_after
    left join last_visits
        on
            looked_after.visit_type = last_visits.visit_type
            and looked_after.la_code = last_visits.la_code
            and looked_after.extract_month = last_visits.extract_month
            and looked_after.month = last_visits.month
            and looked_after.child_id = last_visits.child_id
),

placed_by_team as (
    {{ with_team_on('placed', 'month') }}
),

cla_visits as (
    select
        *,
        {{ id_order('visit_id') }} as id_sort_key
    from visits
    where visit_type = 'cla'
),

-- a child is visited once a day, alone where one of the visits says so
days_seen as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by la_code, extract_month, child_id, visit_date
                order by coalesce(is_child_seen_alone, false) desc, id_sort_key desc
            ) as precedence
        from cla_visits
        where is_child_seen
    ) as ranked
    where precedence = 1
),

days_seen_in_month as (
    {{ in_each_month('days_seen', 'days_seen.visit_date between months.month_start and months.month') }}
),

final as (
    {{ child_rows(
        'on_plans_to_visit', 'cin_visits_up_to_date',
        where="visit_type = 'cin' and first_due_date <= month",
        is_in_numerator='next_due_date >= month',
        reason=no_visit_or_too_old,
        due_date='coalesce(next_due_date, first_due_date)',
        actual_date='last_visit_date'
    ) }}
    union all
    {{ child_rows(
        'on_plans_to_visit', 'cp_visits_up_to_date',
        where="visit_type = 'cp' and first_due_date <= month",
        is_in_numerator='next_due_date >= month',
        reason=no_visit_or_too_old,
        due_date='coalesce(next_due_date, first_due_date)',
        actual_date='last_visit_date'
    ) }}
    union all
    {{ child_rows(
        'placed_by_team', 'cla_visits_up_to_date',
        is_in_numerator='next_due_date >= month',
        reason=no_visit_in_placement,
        due_date='coalesce(next_due_date, ' ~ add_days('start_date', 7) ~ ')',
        actual_date='last_visit_date'
    ) }}
    union all
    {{ child_rows(
        'days_seen_in_month', 'cla_seen_alone',
        is_in_numerator='is_child_seen_alone',
        reason="'Not seen alone'",
        event_id='visit_id',
        actual_date='visit_date',
        row_day='visit_date'
    ) }}
)

select *
from final
