with looked_after_children as (
    select *
    from {{ ref('int_looked_after_month_end') }}
),

looked_after as (
    {{ with_parameters('looked_after_children', 'month', [
        'months_looked_after',
        'age_of_yearly_health_assessment',
        'months_of_early_health_assessment',
        'months_of_health_assessment',
        'months_of_dental_check',
    ]) }}
),

months as (
    select *
    from {{ ref('int_reporting_month') }}
),

legal_statuses as (
    select *
    from {{ ref('int_effective_legal_status') }}
    where is_short_break
),

checks as (
    select *
    from {{ ref('fct_health_check') }}
    where is_completed
),

short_breaks_in_year as (
    select distinct
        months.la_code,
        months.extract_month,
        months.month,
        legal_statuses.child_id
    from months
    inner join legal_statuses
        on
            months.la_code = legal_statuses.la_code
            and months.extract_month = legal_statuses.extract_month
            and legal_statuses.valid_from <= months.month
            -- the last day of the status is later than the same day a year ago
            and legal_statuses.valid_to > {{ add_days('months.rolling_year_start', 1) }}
),

looked_after_12_months as (
    select looked_after.*
    from looked_after
    left join short_breaks_in_year
        on
            looked_after.la_code = short_breaks_in_year.la_code
            and looked_after.extract_month = short_breaks_in_year.extract_month
            and looked_after.month = short_breaks_in_year.month
            and looked_after.child_id = short_breaks_in_year.child_id
    where
        {{ add_months(
            'coalesce(looked_after.entered_care_date, looked_after.entered_care_by)', 'looked_after.months_looked_after'
        ) }} <= looked_after.month
        and short_breaks_in_year.child_id is null
),

latest_checks as (
    select
        children.la_code,
        children.extract_month,
        children.month,
        children.child_id,
        max(case when checks.check_type_code = 'health_assessment' then checks.check_date end) as last_health_date,
        max(case when checks.check_type_code = 'dental_check' then checks.check_date end) as last_dental_date
    from looked_after_12_months as children
    inner join checks
        on
            children.la_code = checks.la_code
            and children.extract_month = checks.extract_month
            and children.child_id = checks.child_id
            and checks.check_date <= children.month
    group by children.la_code, children.extract_month, children.month, children.child_id
),

children as (
    select
        looked_after_12_months.*,
        latest_checks.last_health_date,
        latest_checks.last_dental_date,
        {{ health_assessment_counts_until(
            'latest_checks.last_health_date', 'looked_after_12_months.age', 'looked_after_12_months.'
        ) }} as health_due_date,
        {{ add_months('latest_checks.last_dental_date', 'looked_after_12_months.months_of_dental_check') }}
            as dental_due_date
    from looked_after_12_months
    left join latest_checks
        on
            looked_after_12_months.la_code = latest_checks.la_code
            and looked_after_12_months.extract_month = latest_checks.extract_month
            and looked_after_12_months.month = latest_checks.month
            and looked_after_12_months.child_id = latest_checks.child_id
),

children_by_team as (
    {{ with_team_on('children', 'month') }}
),

final as (
    {{ child_rows(
        'children_by_team', 'cla_health_assessment_up_to_date',
        is_in_numerator=still_counts_on('health_due_date', 'month'),
        reason="case
            when last_health_date is null then 'No completed health assessment'
            when age < age_of_yearly_health_assessment
                then 'Last health assessment more than {months_of_early_health_assessment} months before, child under {age_of_yearly_health_assessment}'
            else 'Last health assessment more than {months_of_health_assessment} months before'
        end",
        due_date='health_due_date',
        actual_date='last_health_date'
    ) }}
    union all
    {{ child_rows(
        'children_by_team', 'cla_dental_check_up_to_date',
        is_in_numerator=still_counts_on('dental_due_date', 'month'),
        reason="case
            when last_dental_date is null then 'No completed dental check'
            else 'Last dental check more than {months_of_dental_check} months before'
        end",
        due_date='dental_due_date',
        actual_date='last_dental_date'
    ) }}
)

select *
from final
