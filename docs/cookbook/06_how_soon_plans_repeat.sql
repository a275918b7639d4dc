-- Question: How long after the end of the last plan do children come back on a child protection plan?
-- Reads: restricted/warehouse.duckdb, current_plan
-- Look out: a plan is a repeat plan whenever the earlier plan was. An earlier plan in another authority counts; if no
--   earlier plan had ended when the new one began, there is no gap to calculate.
with started as (
    select
        *,
        case when is_repeat then date_diff('month', previous_plan_end_date, start_date) end as months_between
    from current_plan
    where
        la_code = '888'
        and plan_type = 'cp'
        and not is_other_authority
        and start_date <= extract_month
        and start_date > extract_month - interval 12 month
)

select
    case
        when not is_repeat then '0 first plan'
        when previous_plan_end_date is null then '5 earlier plan had not ended'
        when start_date <= previous_plan_end_date + interval 6 month then '1 within 6 months'
        when start_date <= previous_plan_end_date + interval 12 month then '2 within 12 months'
        when start_date <= previous_plan_end_date + interval 24 month then '3 within 2 years'
        else '4 later'
    end as came_back,
    count(*) as plans,
    round(100.0 * count(*) / sum(count(*)) over (), 1) as percent,
    round(median(months_between)) as median_months
from started
group by came_back
order by came_back;
