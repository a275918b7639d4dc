-- Every rule that ran on the last fit drop: how it ended on this one, and how many points its share of failing records
-- rose, less 2 standard errors. The rise is judged from 100 checked records in both.
select
    rules_now.rule,
    rules_now.outcome,
    case
        when rules_now.rows_checked >= 100 and rules_then.rows_checked >= 100
            then
                100.0 * rules_now.rows_failed / rules_now.rows_checked
                - 100.0 * rules_then.rows_failed / rules_then.rows_checked
                - 2 * 100.0 * sqrt(
                    greatest(rules_then.rows_failed, 1) / rules_then.rows_checked
                    * (1 / rules_now.rows_checked + 1 / rules_then.rows_checked)
                )
    end as points,
    rules_now.rule || ' ' || rules_now.rows_failed || ' of ' || rules_now.rows_checked || ', '
    || rules_then.rows_failed || ' of ' || rules_then.rows_checked || ' in ' || drops.month_name as finding
from quality.rule_run as rules_now
inner join compared.last_fit_drop as drops
    on rules_now.la_code = drops.la_code
inner join quality.rule_run as rules_then
    on
        drops.la_code = rules_then.la_code
        and drops.extract_month = rules_then.extract_month
        and rules_now.rule = rules_then.rule
where
    rules_now.la_code = '{la_code}'
    and rules_now.extract_month = date '{extract_month}'
    and rules_then.outcome = 'ran'
