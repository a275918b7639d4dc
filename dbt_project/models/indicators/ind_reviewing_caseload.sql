with looked_after as (
    select *
    from {{ ref('int_looked_after_month_end') }}
),

officers as (
    select *
    from {{ ref('int_reviewing_officer_of_child') }}
    where worker_id is not null
),

workers as (
    select *
    from {{ ref('dim_worker') }}
),

-- a child who is looked after and on a plan has one officer for both
children as (
    select
        la_code,
        extract_month,
        month,
        child_id
    from looked_after
    union
    select
        la_code,
        extract_month,
        month,
        child_id
    from {{ ref('ind_cp_plans_open') }}
    where indicator_id = 'cp_plans_open'
),

children_of_officers as (
    select
        children.la_code,
        children.extract_month,
        children.month,
        children.child_id,
        officers.worker_id,
        'Not allocated' as team_name,
        'Not allocated' as locality_name
    from children
    inner join officers
        on
            children.la_code = officers.la_code
            and children.extract_month = officers.extract_month
            and children.child_id = officers.child_id
            and {{ is_within('officers.valid_from', 'officers.valid_to', 'children.month') }}
),

counted as (
    select
        la_code,
        extract_month,
        month,
        worker_id,
        count(*) as children
    from children_of_officers
    group by la_code, extract_month, month, worker_id
),

-- an officer whose share of a full post is not known counts as a full one
caseloads as (
    select
        counted.*,
        cast(null as varchar) as child_id,
        case when workers.full_time_equivalent > 0 then workers.full_time_equivalent else 1 end as fte,
        'Not allocated' as team_name,
        'Not allocated' as locality_name
    from counted
    left join workers
        on
            counted.la_code = workers.la_code
            and counted.extract_month = workers.extract_month
            and counted.worker_id = workers.worker_id
),

caseloads_with_parameters as (
    {{ with_parameters('caseloads', 'month', ['children_per_fte']) }}
),

new_in_care as (
    {{ with_parameters('looked_after', 'in_care_since', ['working_days_to_name_officer']) }}
),

clocked as (
    {{ with_working_days_after(
        'new_in_care', 'in_care_since', 'cohort.working_days_to_name_officer', 'officer_due_date'
    ) }}
),

without_officer as (
    select clocked.*
    from clocked
    left join children_of_officers
        on
            clocked.la_code = children_of_officers.la_code
            and clocked.extract_month = children_of_officers.extract_month
            and clocked.month = children_of_officers.month
            and clocked.child_id = children_of_officers.child_id
    where
        clocked.officer_due_date <= clocked.month
        and children_of_officers.child_id is null
),

without_officer_by_team as (
    {{ with_team_on('without_officer', 'month') }}
),

final as (
    {{ child_rows('children_of_officers', 'iro_caseload', denominator_value='0') }}
    union all
    {{ child_rows(
        'caseloads', 'iro_caseload',
        is_in_numerator='false',
        unit_type="'worker'",
        unit_id='worker_id',
        denominator_value='fte'
    ) }}
    union all
    {{ child_rows(
        'caseloads_with_parameters', 'iro_over_70',
        unit_id='worker_id',
        where='children / fte > children_per_fte'
    ) }}
    union all
    {{ child_rows('without_officer_by_team', 'cla_without_iro', due_date='officer_due_date') }}
)

select *
from final
