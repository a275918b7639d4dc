with cin_plans as (
    select
        *,
        {{ id_order('plan_id') }} as id_sort_key
    from {{ ref('stg_lcs__cin_plan') }}
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

teams as (
    select *
    from {{ ref('int_team') }}
),

review_due as (
    select *
    from {{ ref('int_cp_review_due') }}
),

plans as (
    select
        cin_plans.la_code,
        cin_plans.extract_month,
        'cin' as plan_type,
        cin_plans.plan_id,
        cin_plans.id_sort_key,
        cin_plans.child_id,
        cin_plans.start_date,
        cin_plans.end_date,
        false as is_other_authority,
        cin_plans.worker_id,
        coalesce(teams.team_name, 'Not allocated') as record_team_name,
        coalesce(teams.locality_name, 'Not allocated') as record_locality_name,
        cast(null as varchar) as category_code,
        cast(null as date) as review_due_date
    from cin_plans
    left join teams
        on
            cin_plans.la_code = teams.la_code
            and cin_plans.extract_month = teams.extract_month
            and cin_plans.team_id = teams.team_id
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
        cast(null as varchar) as worker_id,
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
