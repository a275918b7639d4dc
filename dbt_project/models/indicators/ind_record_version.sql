{{ config(materialized='view') }}

{# Object, relation and filter, id, day from which it exists, day that ends it, newest date it keeps, what else it
   says. #}
{% set records = [
    ('ssd_person', 'dim_child', 'true', 'child_id', 'null', 'null', 'null', "cast(date_of_birth as varchar)"),
    ('ssd_involvements', 'fct_allocation', 'true', 'allocation_id', 'start_date', 'end_date', 'null', "team_name || role_code"),
    ('ssd_cin_plans', 'fct_plan', "plan_type = 'cin'", 'plan_id', 'start_date', 'end_date', 'null', 'team_name'),
    ('ssd_cp_plans', 'fct_plan', "plan_type = 'cp'", 'plan_id', 'start_date', 'end_date', 'null', 'cast(is_other_authority as varchar)'),
    ('ssd_cla_care_plan', 'fct_plan', "plan_type = 'cla_care'", 'plan_id', 'start_date', 'end_date', 'null', 'category_code'),
    ('ssd_cla_episodes', 'fct_period_of_care', 'true', 'period_of_care_id', 'entered_care_date', 'ceased_date', 'null', 'null'),
    ('ssd_legal_status', 'fct_legal_status', 'true', 'legal_status_id', 'start_date', 'end_date', 'null', 'legal_status_text'),
    ('ssd_cla_placement', 'fct_placement', 'true', 'placement_id', 'start_date', 'end_date', 'null', 'placement_type_code'),
    ('ssd_permanence', 'fct_adoption', 'true', 'perm_table_id', 'least(decision_date, ffa_placed_date)', 'null', 'null',
        "concat_ws('/', placement_order_date, matched_date, placed_date)"),
    ('ssd_immigration_status', 'fct_immigration_status', 'true', 'immigration_status_id', 'start_date', 'end_date', 'null', 'status_code'),
    ('ssd_pre_proceedings', 'fct_pre_proceedings', 'true', "concat_ws('/', pre_proceedings_id, family_id)", 'decision_date', 'ended_date', 'null', 'null'),
    ('local_permanence_tracker', 'fct_permanence_tracker', 'true',
        "concat_ws('/', child_id, plan_code, identified_date)", 'identified_date', 'closed_date', 'null',
        "concat_ws('/', filing_due_date, filed_date, court_date, order_date)"),
    ('local_private_fostering', 'fct_private_fostering', 'true', 'arrangement_id', 'start_date', 'end_date', 'null', 'null'),
    ('local_iro_contact', 'fct_iro_contact', 'true', 'iro_contact_id', 'contact_date', 'null', 'null', 'context'),
    ('local_iro_challenge', 'fct_challenge', 'true', 'challenge_id', 'raised_date', 'resolved_date', 'null',
        "concat_ws('/', challenge_type, context, category_code, outcome)"),
    ('local_conference_child', 'fct_conference_child', 'true', "concat_ws('/', meeting_id, child_id)", 'meeting_date', 'null', 'null',
        "concat_ws('/', took_part_code, has_form)"),
    ('local_pep', 'fct_plan', "plan_type = 'pep'", 'plan_id', 'start_date', 'null', 'null', 'null'),
    ('ssd_cla_health', 'fct_health_check', 'true', 'health_check_id', 'check_date', 'null', 'null', "check_type_text || check_status_text"),
    ('ssd_cla_reviews', 'fct_review', "review_type = 'cla_review'", 'review_id', 'held_date', 'null', 'null', "coalesce(not_counted_reason, participation_code)"),
    ('ssd_cp_reviews', 'fct_review', "review_type = 'cp_review'", 'review_id', 'held_date', 'null', 'null', 'not_counted_reason'),
    ('ssd_initial_cp_conference', 'fct_review', "review_type = 'cp_initial_conference'", 'review_id', 'held_date', 'null', 'null', "coalesce(not_counted_reason, team_name)"),
    ('ssd_s47_enquiry', 'fct_section_47', 'true', 'section_47_id', 'start_date', 'end_date', 'null', "concat_ws('/', section_47_outcome, team_name)"),
    ('ssd_contacts', 'fct_contact', 'true', 'contact_id', 'contact_date', 'null', 'null', 'null'),
    ('ssd_cin_episodes', 'fct_referral', 'true', 'referral_id', 'referral_date', 'null', 'null', 'team_name'),
    ('ssd_cin_assessments', 'fct_assessment', 'true', 'assessment_id', 'start_date', 'authorised_date', 'null',
        "concat_ws('/', team_name, cast(is_no_further_action as varchar))"),
    ('ssd_missing', 'fct_missing', 'true', 'missing_episode_id', 'start_date', 'end_date', 'null',
        "concat_ws('/', episode_type_code, interview_offered_code, interview_accepted_code)"),
    ('ssd_cin_visits', 'fct_visit', "visit_type = 'cin'", 'visit_id', 'visit_date', 'null', 'null', 'cast(is_child_seen as varchar)'),
    ('ssd_cp_visits', 'fct_visit', "visit_type = 'cp'", 'visit_id', 'visit_date', 'null', 'null', 'cast(is_child_seen as varchar)'),
    ('ssd_cla_visits', 'fct_visit', "visit_type = 'cla'", 'visit_id', 'visit_date', 'null', 'null',
        "concat_ws('/', cast(is_child_seen as varchar), cast(is_child_seen_alone as varchar))"),
    ('ssd_care_leavers latest contact', 'fct_care_leaver', 'true', 'care_leaver_id', 'null', 'null', 'latest_contact_date', 'null'),
    ('ssd_care_leavers pathway plan', 'fct_care_leaver', 'true', 'care_leaver_id', 'null', 'null', 'pathway_plan_review_date', 'null'),
    ('ssd_care_leavers', 'fct_care_leaver', 'true', 'care_leaver_id', 'null', 'null', 'null',
        "coalesce(eligibility, '') || coalesce(in_touch_code, '') || coalesce(accommodation_code, '')"
        ~ " || cast(is_suitable_accommodation as varchar) || coalesce(activity_code, '') || team_name"),
] %}

{# The same of records that count without a child. The last is the key of the unit, or what its id begins with before
   a "/". A meeting is of conferences and of reviews, and every indicator of meetings needs the reviews. Moved to
   another day, it is another unit with the same id. #}
{% set post = "concat_ws('/', post_id, start_date)" %}
{% set post_says = "concat_ws('/', role, fte, filled_by, worker_id, qualified_date, began_role_date, leaving_reason)" %}
{% set invitation = "concat_ws('/', meeting_id, meeting_date, invitation_no)" %}
{% set records_of_units = [
    ('local_workforce_post', 'fct_post', 'true', post, 'start_date', 'end_date', 'null',
        post_says, post),
    ('local_workforce_post', 'fct_post', 'worker_id is not null', post, 'start_date', 'end_date', 'null',
        post_says, 'worker_id'),
    ('ssd_professionals', 'dim_worker', 'true', 'worker_id', 'null', 'null', 'null', 'full_time_equivalent', 'worker_id'),
    ('ssd_involvements', 'fct_allocation', "role_code = 'IRO' and worker_id is not null", 'allocation_id', 'start_date', 'end_date',
        'null', 'child_id', 'worker_id'),
    ('ssd_cp_reviews', 'fct_meeting', 'true',
        "coalesce(meeting_id || '/' || row_number() over (partition by la_code, extract_month, meeting_id order by held_date),"
        ~ " meeting_key)",
        'held_date', 'null', 'null', "row(meeting_type, is_late, late_reason_code, is_quorate, team_name)",
        'coalesce(meeting_id, meeting_key)'),
    ('local_conference_attendance', 'fct_conference_invitation', 'true', invitation, 'meeting_date', 'null', 'null',
        'row(agency_code, is_invited, has_attended, has_sent_report)', invitation),
    ('local_conference_feedback', 'fct_feedback_form', 'true', 'form_id', 'meeting_date', 'null', 'null',
        "row(meeting_type, report_received_code, saw_other_reports, met_chair, could_speak, understood_concerns,"
        ~ " invited_core_groups, understands_plan)", 'form_id'),
    ('local_conference_appeal', 'fct_appeal', 'true', 'appeal_id', 'received_date', 'decided_date', 'null',
        'row(ground_code, outcome_code, upheld_reason_code)', 'appeal_id'),
    ('local_foster_review', 'fct_foster_review', 'true', 'foster_review_id', 'held_date', 'null', 'null',
        'row(kind, due_by_date)', 'foster_review_id'),
] %}

{% for record in records + records_of_units %}
{% set object, relation, filter, record_id, first_date, last_date, latest_date, content = record[:8] %}
{% set is_of_unit = record | length > 8 %}
select
    la_code,
    extract_month,
    '{{ object }}' as object,
    cast({{ record_id }} as varchar) as record_id,
    {{ 'cast(null as varchar)' if is_of_unit else 'child_id' }} as child_id,
    cast({{ record[8] if is_of_unit else 'null' }} as varchar) as unit_key,
    cast({{ first_date }} as date) as first_date,
    cast({{ last_date }} as date) as last_date,
    cast({{ latest_date }} as date) as latest_date,
    cast({{ content }} as varchar) as content,
    -- each drop overwrites the list of care leavers: it has no history
    {{ relation == 'fct_care_leaver' }} as is_written_over
from {{ ref(relation) }}
where {{ filter }}
{{ "union all" if not loop.last }}
{% endfor %}
