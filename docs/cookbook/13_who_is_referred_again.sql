-- Question: Who makes the referrals that follow another within twelve months?
-- Reads: restricted/warehouse.duckdb, fct_indicator_child, current_referral, dim_code
-- Look out: the indicator describes one month; this query adds up twelve restated months. A source with few
--   referrals says little.
with referrals as (
    select
        rows.*,
        facts.source_code
    from fct_indicator_child as rows
    inner join current_referral as facts
        on
            rows.la_code = facts.la_code
            and rows.extract_month = facts.extract_month
            and rows.event_id = facts.referral_id
    where
        rows.la_code = '888'
        and rows.indicator_id = 're_referrals_12_months'
        and rows.month > last_day(rows.extract_month - interval 12 month)
)

select
    coalesce(codes.label, 'not recorded or not known to the code set') as source,
    count(*) as referrals,
    count(*) filter (where referrals.is_in_numerator) as within_12_months,
    round(100.0 * count(*) filter (where referrals.is_in_numerator) / count(*), 1) as percent
from referrals
left join dim_code as codes
    on referrals.source_code = codes.code and codes.code_set = 'referral_source'
group by source
order by referrals desc, source asc;
