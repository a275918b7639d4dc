with checks as (
    select
        *,
        {{ letters_and_digits('check_type_text') }} as match_text
    from {{ ref('stg_lcs__health_check') }}
),

kinds as (
    select
        *,
        {{ letters_and_digits('check_type_text') }} as match_text
    from {{ ref('code_health_check_type') }}
),

checks_by_team as (
    {{ with_team_on('checks', 'check_date') }}
),

final as (
    select
        checks.health_check_id,
        checks.la_code,
        checks.child_id,
        case
            when kinds.check_kind_code in ('initial', 'review', 'unspecified') then 'health_assessment'
            when kinds.check_kind_code = 'dental' then 'dental_check'
        end as check_type_code,
        case
            when checks.check_type_text is not null then coalesce(kinds.check_kind_code, 'other')
        end as check_kind_code,
        checks.check_type_text,
        checks.check_date,
        checks.check_status_text,
        coalesce({{ letters_and_digits('checks.check_status_text') }} = 'completed', false) as is_completed,
        checks.team_name,
        checks.locality_name,
        checks.extract_month
    from checks_by_team as checks
    left join kinds
        on checks.match_text = kinds.match_text
)

select *
from final
