{# What a form asks after each kind of conference, and the column with the answer. #}
{% set both_kinds = ['report_48_hours', 'saw_other_reports', 'could_speak', 'understood_concerns'] %}
{% set questions = {
    'initial': both_kinds + ['met_chair'],
    'review': both_kinds + ['invited_core_groups', 'understands_plan'],
} %}
{% set with_answer_in_own_column = [
    'saw_other_reports', 'met_chair', 'could_speak', 'understood_concerns', 'invited_core_groups', 'understands_plan',
] %}
{% set meeting = {
    'event_id': 'meeting_key', 'actual_date': 'held_date', 'row_day': 'held_date',
    'codes': {'meeting_type': 'meeting_type', 'late_reason': "case when is_late then late_reason_code else 'on_time' end"},
} %}
{% set child = {
    'event_id': "concat_ws('/', meeting_id, child_id)", 'actual_date': 'meeting_date', 'row_day': 'meeting_date',
} %}
{% set asked_child = "took_part_code in ('attended', 'views_given', 'views_not_available')" %}
{% set appeal = {'event_id': 'appeal_id', 'actual_date': 'received_date', 'row_day': 'received_date'} %}
{% set in_month = 'between months.month_start and months.month' %}
{% set since_april = 'between months.financial_year_start and months.month' %}

with months as (
    select *
    from {{ ref('int_reporting_month') }}
),

all_conferences as (
    select
        *,
        {{ id_order('conference_id') }} as id_sort_key
    from {{ ref('int_initial_cp_conference') }}
),

-- a child counts once on a day
ranked_conferences as (
    select
        *,
        row_number() over (
            partition by la_code, extract_month, child_id, held_date
            order by id_sort_key desc
        ) as precedence
    from all_conferences
    where held_date is not null and not is_transfer_in
),

conferences_of_children as (
    select *
    from ranked_conferences
    where precedence = 1
),

conferences as (
    {{ with_team_of_record('conferences_of_children') }}
),

meetings as (
    select
        *,
        cast(null as varchar) as child_id
    from {{ ref('fct_meeting') }}
),

invitations as (
    select
        *,
        {{ of_the_authority() }}
    from {{ ref('fct_conference_invitation') }}
),

children as (
    select *
    from {{ ref('fct_conference_child') }}
),

forms as (
    select
        *,
        {{ of_the_authority() }}
    from {{ ref('fct_feedback_form') }}
),

appeals as (
    select
        *,
        {{ of_the_authority() }}
    from {{ ref('fct_appeal') }}
),

conferences_in_month as (
    {{ in_each_month('conferences', 'conferences.held_date ' ~ in_month) }}
),

meetings_in_year as (
    {{ in_each_month('meetings', 'meetings.held_date ' ~ since_april) }}
),

meetings_in_month as (
    select *
    from meetings_in_year
    where held_date >= {{ month_start('month') }}
),

-- a form names its month, not its meeting
meetings_asked as (
    select * replace ('Not allocated' as team_name, 'Not allocated' as locality_name)
    from meetings_in_month
),

absences as (
    {{ in_each_month('invitations', 'invitations.meeting_date ' ~ since_april ~ '
            and invitations.is_invited
            and invitations.has_attended is not true
            and invitations.has_sent_report is not true') }}
),

children_in_year as (
    {{ in_each_month('children', 'children.meeting_date ' ~ since_april) }}
),

forms_in_month as (
    {{ in_each_month('forms', 'forms.meeting_date ' ~ in_month) }}
),

questions as (
    select
        asked.meeting_type,
        asked.question
    from (
        values
        {% for meeting_type, asked in questions.items() %}{% set is_last_type = loop.last %}
        {%- for question in asked -%}
        ('{{ meeting_type }}', '{{ question }}'){{ ', ' if not (loop.last and is_last_type) }}
        {%- endfor %}
        {% endfor %}
    ) as asked (meeting_type, question)
),

answers as (
    select
        forms_in_month.*,
        questions.question,
        case questions.question
            when 'report_48_hours'
                then case
                    when forms_in_month.report_received_code = 'in_time' then 'Y'
                    when forms_in_month.report_received_code is not null then 'N'
                end
            {% for question in with_answer_in_own_column %}
            when '{{ question }}' then forms_in_month.{{ question }}
            {% endfor %}
        end as answer
    from forms_in_month
    inner join questions
        on forms_in_month.meeting_type = questions.meeting_type
),

appeals_in_year as (
    {{ in_each_month('appeals', 'appeals.received_date ' ~ since_april) }}
),

-- what was decided after the month is open in it
appeals_by_outcome as (
    select
        *,
        case
            when decided_date <= month then coalesce(outcome_code, 'other')
            else 'open'
        end as outcome_in_month
    from appeals_in_year
),

final as (
    {{ child_rows('meetings_in_month', 'conferences_held', **meeting) }}
    union all
    {{ child_rows(
        'conferences_in_month', 'icpc_held',
        event_id='conference_id',
        due_date='due_date',
        actual_date='held_date',
        row_day='held_date'
    ) }}
    union all
    {{ child_rows(
        'meetings_in_year', 'conference_late',
        where='is_late is not null',
        is_in_numerator='is_late',
        reason="'Held on time'",
        **meeting
    ) }}
    union all
    {{ child_rows(
        'meetings_in_year', 'conference_quorate',
        where='is_quorate is not null',
        is_in_numerator='is_quorate',
        reason="'Not quorate'",
        **meeting
    ) }}
    union all
    {{ child_rows(
        'absences', 'conference_agency_absent',
        event_id="concat_ws('/', meeting_id, cast(meeting_date as varchar), cast(invitation_no as varchar))",
        actual_date='meeting_date',
        row_day='meeting_date',
        codes={'agency': 'agency_code'}
    ) }}
    union all
    {{ child_rows(
        'children_in_year', 'conference_child_attended',
        where=asked_child,
        is_in_numerator="took_part_code = 'attended'",
        reason="'Did not attend'",
        **child
    ) }}
    union all
    {{ child_rows(
        'children_in_year', 'conference_child_views_given',
        where=asked_child,
        is_in_numerator="took_part_code in ('attended', 'views_given')",
        reason="'Views not available'",
        **child
    ) }}
    union all
    {{ child_rows('children_in_year', 'conference_consultation_forms', where='has_form', **child) }}
    union all
    {{ child_rows(
        'meetings_asked', 'conference_feedback_return',
        is_in_numerator='false',
        unit_type="'meeting'",
        **meeting
    ) }}
    union all
    {{ child_rows(
        'forms_in_month', 'conference_feedback_return',
        event_id='form_id',
        actual_date='meeting_date',
        denominator_value='0',
        row_day='meeting_date',
        codes={'meeting_type': 'meeting_type'}
    ) }}
    union all
    {{ child_rows(
        'answers', 'conference_feedback_yes',
        is_in_numerator="answer = 'Y'",
        reason="case when answer is null then 'Not answered' else 'Answered no or unsure' end",
        event_id="concat_ws('/', form_id, question)",
        actual_date='meeting_date',
        row_day='meeting_date',
        codes={
            'question': "concat_ws('_', meeting_type, question)",
            'meeting_type': 'meeting_type',
            'report_received': "case
                when question = 'report_48_hours'
                    then concat_ws('_', meeting_type, coalesce(report_received_code, 'not_answered'))
                else 'not_asked'
            end",
        }
    ) }}
    union all
    {{ child_rows(
        'appeals_by_outcome', 'conference_appeals',
        codes={'appeal_ground': 'ground_code', 'appeal_outcome': 'outcome_in_month'},
        **appeal
    ) }}
    union all
    {{ child_rows(
        'appeals_by_outcome', 'conference_appeals_upheld',
        where="outcome_in_month = 'upheld'",
        codes={'appeal_ground': 'ground_code', 'upheld_reason': 'upheld_reason_code'},
        **appeal
    ) }}
)

select *
from final
