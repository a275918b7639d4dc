with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

estimates as (
    select *
    from {{ ref('population') }}
),

candidates as (
    select
        months.la_code,
        months.extract_month,
        months.month,
        estimates.mid_year,
        estimates.population,
        row_number() over (
            partition by months.la_code, months.extract_month, months.month
            order by
                -- the newest estimate already in use, or the first one before any is in use
                case when estimates.first_month_used <= months.month then 0 else 1 end,
                case when estimates.first_month_used <= months.month then estimates.first_month_used end desc,
                estimates.first_month_used
        ) as precedence
    from months
    inner join estimates
        on months.la_code = estimates.la_code
),

final as (
    select
        la_code,
        extract_month,
        month,
        mid_year,
        population
    from candidates
    where precedence = 1
)

select *
from final
