with checks as (
    select *
    from {{ ref('stg_lcs__health_check') }}
),

checks_by_team as (
    {{ with_team_on('checks', 'check_date') }}
),

final as (
    select
        health_check_id,
        la_code,
        child_id,
        case {{ letters_and_digits('check_type_text') }}
            when 'healthassessment' then 'health_assessment'
            when 'dentalcheck' then 'dental_check'
        end as check_type_code,
        check_type_text,
        check_date,
        check_status_text,
        coalesce({{ letters_and_digits('check_status_text') }} = 'completed', false) as is_completed,
        team_name,
        locality_name,
        extract_month
    from checks_by_team
)

select *
from final
