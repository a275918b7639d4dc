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
    from quality.rule as register
    left join this_partition
        on register.rule = this_partition.rule
    where this_partition.rule is null
),

ran_before as (
    select earlier.rule
    from quality.rule_run as earlier
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
),

risen as (
    select
        this_partition.rule || ' ' || this_partition.rows_failed || ' of ' || this_partition.rows_checked || ', '
        || earlier.rows_failed || ' of ' || earlier.rows_checked || ' in '
        || strftime(earlier.extract_month, '%Y-%m') as told,
        100.0 * this_partition.rows_failed / this_partition.rows_checked
        - 100.0 * earlier.rows_failed / earlier.rows_checked
        - 200 * sqrt(
            greatest(earlier.rows_failed, 1) / earlier.rows_checked
            * (1 / this_partition.rows_checked + 1 / earlier.rows_checked)
        ) as points
    from this_partition
    inner join last_fit_drop
        on this_partition.la_code = last_fit_drop.la_code
    inner join quality.rule_run as earlier
        on
            last_fit_drop.la_code = earlier.la_code
            and last_fit_drop.extract_month = earlier.extract_month
            and this_partition.rule = earlier.rule
    where
        this_partition.rows_checked >= 100
        and earlier.rows_checked >= 100
),

worst as (
    select
        greatest(max(points), 0) as faults_risen_points,
        string_agg(told, '; ' order by points desc, told) filter (where points > 5) as faults_risen_points_detail
    from risen
)

select *
from crashed
cross join left_out
cross join skipped
cross join worst
