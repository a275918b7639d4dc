{# How far a row of the permanence tracker has come on a day: the first that holds. Dates decide, not what was typed. #}
{% macro tracker_stage(day) -%}
    case
        when order_date <= {{ day }} then 'made'
        when court_date <= {{ day }} then 'in_court'
        when filed_date <= {{ day }} then 'filed'
        when filing_due_date is null then 'no_date'
        when filing_due_date < {{ day }} then 'date_passed'
        when filing_due_date <= {{ add_months(day, 1) }} then 'within_1_month'
        when filing_due_date <= {{ add_months(day, 3) }} then 'within_3_months'
        else 'over_3_months'
    end
{%- endmacro %}


{# The key of a row of the permanence tracker: a child, a plan, and the day on which the child was identified. #}
{% macro tracker_case_id() -%}
    concat_ws('/', child_id, plan_code, cast(identified_date as varchar))
{%- endmacro %}
