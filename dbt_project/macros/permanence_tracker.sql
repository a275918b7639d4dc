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
