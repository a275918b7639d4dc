with care_plans as (
    select *
    from {{ ref('stg_lcs__care_plan') }}
),

codes as (
    select *
    from {{ ref('code_permanence') }}
),

final as (
    select
        care_plans.la_code,
        care_plans.extract_month,
        care_plans.plan_id,
        {{ listed('codes.permanence_code') }} as permanence_codes
    from care_plans
    inner join codes
        on {{ json_value('care_plans.permanence_json', 'codes.permanence_code') }} = 'Y'
    group by care_plans.la_code, care_plans.extract_month, care_plans.plan_id
)

select *
from final
