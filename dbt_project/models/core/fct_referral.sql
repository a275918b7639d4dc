with referrals as (
    select
        *,
        {{ id_order('referral_id') }} as id_sort_key
    from {{ ref('stg_lcs__referral') }}
),

-- a child counts once a day; the referral with the highest id gives the team
ranked as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, child_id, referral_date
            order by id_sort_key desc
        ) as precedence
    from referrals
),

days as (
    select distinct
        la_code,
        extract_month,
        child_id,
        referral_date
    from referrals
    where referral_date is not null
),

previous_days as (
    select
        *,
        lag(referral_date) over (
            partition by la_code, extract_month, child_id order by referral_date
        ) as previous_referral_date
    from days
),

ranked_by_team as (
    {{ with_team_of_record('ranked') }}
),

final as (
    select
        referrals.referral_id,
        referrals.la_code,
        referrals.child_id,
        referrals.referral_date,
        referrals.referral_date is not null and referrals.precedence = 1 as is_counted,
        previous_days.previous_referral_date,
        referrals.source_code,
        referrals.primary_need_code,
        referrals.is_no_further_action,
        referrals.close_date,
        referrals.close_reason_code,
        referrals.worker_id,
        referrals.team_name,
        referrals.locality_name,
        referrals.extract_month
    from ranked_by_team as referrals
    left join previous_days
        on
            referrals.la_code = previous_days.la_code
            and referrals.extract_month = previous_days.extract_month
            and referrals.child_id = previous_days.child_id
            and referrals.referral_date = previous_days.referral_date
)

select *
from final
