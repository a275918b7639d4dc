with reported as (
    select count(*) as child_rows
    from indicators.fct_indicator_child
    where
        la_code = '{la_code}'
        and month = date '{last_month_end}'
        and extract_month = month
),

withdrawn as (
    select count(distinct (indicator_id, child_id, event_id)) as child_rows
    from this_partition
    where
        month = date '{last_month_end}'
        and cause = 'withdrawal'
)

select
    case when reported.child_rows >= 200 then 100.0 * withdrawn.child_rows / reported.child_rows end
        as withdrawn_percent,
    withdrawn.child_rows || ' of ' || reported.child_rows || ' child rows' as withdrawn_percent_detail
from reported
cross join withdrawn
