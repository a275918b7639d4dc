with cin_plans as (
    select
        *,
        {{ id_order('plan_id') }} as id_sort_key
    from {{ ref('stg_lcs__cin_plan') }}
),

cin_plans_by_team as (
    {{ with_team_of_record('cin_plans') }}
),

cp_plans as (
    select
        *,
        {{ id_order('plan_id') }} as id_sort_key,
        {{ letters_and_digits('latest_category_text') }} as match_text
    from {{ ref('stg_lcs__cp_plan') }}
),

categories as (
    select
        *,
        {{ letters_and_digits('category_text') }} as match_text
    from {{ ref('code_cp_category') }}
),

review_due as (
    select *
    from {{ ref('int_cp_review_due') }}
),

care_plans as (
    select *
    from {{ ref('stg_lcs__care_plan') }}
),

permanence_intentions as (
    select *
    from {{ ref('int_permanence_intention') }}
),

care_leavers_of_drop as (
    select *
    from {{ ref('int_care_leaver') }}
),

care_leavers as (
    {{ with_parameters('care_leavers_of_drop', 'extract_month', ['months_of_pathway_plan']) }}
),

education_meetings as (
    select *
    from {{ ref('stg_local__pep') }}
),

plans as (
    select
        la_code,
        extract_month,
        'cin' as plan_type,
        plan_id,
        id_sort_key,
        child_id,
        start_date,
        end_date,
        false as is_other_authority,
        worker_id as record_worker_id,
        team_name as record_team_name,
        locality_name as record_locality_name,
        cast(null as varchar) as category_code,
        cast(null as date) as review_due_date
    from cin_plans_by_team
    union all
    select
        cp_plans.la_code,
        cp_plans.extract_month,
        'cp' as plan_type,
        cp_plans.plan_id,
        cp_plans.id_sort_key,
        cp_plans.child_id,
        cp_plans.start_date,
        cp_plans.end_date,
        coalesce(cp_plans.is_other_authority, false) as is_other_authority,
        cast(null as varchar) as record_worker_id,
        cast(null as varchar) as record_team_name,
        cast(null as varchar) as record_locality_name,
        coalesce(
            categories.category_code, case when cp_plans.match_text like 'multiple%' then 'MUL' end
        ) as category_code,
        review_due.review_due_date
    from cp_plans
    left join categories
        on cp_plans.match_text = categories.match_text
    left join review_due
        on
            cp_plans.la_code = review_due.la_code
            and cp_plans.extract_month = review_due.extract_month
            and cp_plans.plan_id = review_due.plan_id
    union all
    -- a care plan that intends permanence is also a permanence plan
    select
        care_plans.la_code,
        care_plans.extract_month,
        plan_types.plan_type,
        care_plans.plan_id,
        care_plans.plan_id as id_sort_key,
        care_plans.child_id,
        care_plans.start_date,
        care_plans.end_date,
        false as is_other_authority,
        cast(null as varchar) as record_worker_id,
        cast(null as varchar) as record_team_name,
        cast(null as varchar) as record_locality_name,
        permanence_intentions.permanence_codes as category_code,
        cast(null as date) as review_due_date
    from care_plans
    cross join (values ('cla_care'), ('permanence')) as plan_types (plan_type)
    left join permanence_intentions
        on
            care_plans.la_code = permanence_intentions.la_code
            and care_plans.extract_month = permanence_intentions.extract_month
            and care_plans.plan_id = permanence_intentions.plan_id
    where
        plan_types.plan_type = 'cla_care'
        or permanence_intentions.permanence_codes is not null
    union all
    -- the day on which the pathway plan began or was last reviewed is all that the case system keeps
    select
        la_code,
        extract_month,
        'pathway' as plan_type,
        care_leaver_id as plan_id,
        care_leaver_id as id_sort_key,
        child_id,
        pathway_plan_review_date as start_date,
        cast(null as date) as end_date,
        false as is_other_authority,
        worker_id as record_worker_id,
        team_name as record_team_name,
        locality_name as record_locality_name,
        cast(null as varchar) as category_code,
        {{ add_months('pathway_plan_review_date', 'months_of_pathway_plan') }} as review_due_date
    from care_leavers
    where pathway_plan_review_date is not null
    union all
    -- a personal education plan runs from its meeting to the next one
    select
        la_code,
        extract_month,
        'pep' as plan_type,
        child_id || '/' || cast(meeting_date as varchar) as plan_id,
        child_id || '/' || cast(meeting_date as varchar) as id_sort_key,
        child_id,
        meeting_date as start_date,
        lead(meeting_date) over (partition by la_code, extract_month, child_id order by meeting_date) as end_date,
        false as is_other_authority,
        cast(null as varchar) as record_worker_id,
        cast(null as varchar) as record_team_name,
        cast(null as varchar) as record_locality_name,
        term as category_code,
        cast(null as date) as review_due_date
    from education_meetings
),

previous_ends as (
    select
        plans.la_code,
        plans.extract_month,
        plans.plan_type,
        plans.plan_id,
        max(earlier.end_date) as previous_plan_end_date
    from plans
    inner join plans as earlier
        on
            plans.la_code = earlier.la_code
            and plans.extract_month = earlier.extract_month
            and plans.plan_type = earlier.plan_type
            and plans.child_id = earlier.child_id
            and plans.plan_id <> earlier.plan_id
            and earlier.end_date <= plans.start_date
    group by plans.la_code, plans.extract_month, plans.plan_type, plans.plan_id
),

final as (
    select
        plans.*,
        coalesce(
            min(plans.start_date) over (
                partition by plans.la_code, plans.extract_month, plans.plan_type, plans.child_id
            ) < plans.start_date,
            false
        ) as is_repeat,
        previous_ends.previous_plan_end_date
    from plans
    left join previous_ends
        on
            plans.la_code = previous_ends.la_code
            and plans.extract_month = previous_ends.extract_month
            and plans.plan_type = previous_ends.plan_type
            and plans.plan_id = previous_ends.plan_id
)

select *
from final
