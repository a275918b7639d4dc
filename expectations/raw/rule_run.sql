with crashed as (
    select
        count(*) as crashed_rules,
        string_agg(rule || ' (' || reason || ')', ', ' order by rule) as crashed_rules_detail
    from this_partition
    where outcome = 'crashed'
),

left_out as (
    select
        count(*) as rules_without_outcome,
        string_agg(register.rule, ', ' order by register.rule) as rules_without_outcome_detail
    from raw.rule as register
    left join this_partition
        on register.rule = this_partition.rule
    where this_partition.rule is null
),

ran_before as (
    select earlier.rule
    from raw.rule_run as earlier
    inner join last_fit_drop
        on
            earlier.la_code = last_fit_drop.la_code
            and earlier.extract_month = last_fit_drop.extract_month
    where earlier.outcome = 'ran'
),

skipped as (
    select
        count(*) as newly_skipped_rules,
        string_agg(this_partition.rule, ', ' order by this_partition.rule) as newly_skipped_rules_detail
    from this_partition
    inner join ran_before
        on this_partition.rule = ran_before.rule
    where this_partition.outcome = 'skipped'
)

select *
from crashed
cross join left_out
cross join skipped
